import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.query.Syntax;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.ModelFactory;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.sparql.exec.http.QueryExecutionHTTP;
import org.apache.jena.sparql.exec.http.QuerySendMode;

/** Asks the queries of a folder, one a file, of a dump (the default graph is the union of all), or of an endpoint, once by
 *  each way: given are the base, and a place and a folder as often as wanted. */
public class Jena {
    public static void main(String[] given) throws Exception {
        for (int at = 1; at < given.length; at += 2) ask(given[0], given[at], Path.of(given[at + 1]));
    }

    private static void ask(String base, String place, Path folder) throws Exception {
        Dataset all = place.startsWith("http") ? null : union(RDFDataMgr.loadDataset(place));
        Path[] files = Files.list(folder).filter(each -> each.toString().endsWith(".rq")).toArray(Path[]::new);
        Arrays.sort(files);
        for (Path file : files) {
            Query query = QueryFactory.create(Files.readString(file), base, Syntax.syntaxSPARQL_11);
            String name = file.toString().replace(".rq", "");
            if (all != null) {
                write(QueryExecution.create(query, within(all, query)), query, name + ".result");
                continue;
            }
            for (QuerySendMode way : new QuerySendMode[] {QuerySendMode.asGetAlways, QuerySendMode.asPost, QuerySendMode.asPostForm}) {
                QueryExecution asked = QueryExecutionHTTP.service(place).query(query).sendMode(way).build();
                write(asked, query, name + "." + way);
            }
        }
    }

    private static Dataset union(Dataset dataset) {
        Model everything = ModelFactory.createDefaultModel();
        for (Iterator<String> names = dataset.listNames(); names.hasNext();) everything.add(dataset.getNamedModel(names.next()));
        Dataset union = DatasetFactory.createGeneral();
        union.setDefaultModel(everything);
        for (Iterator<String> names = dataset.listNames(); names.hasNext();) {
            String name = names.next();
            union.addNamedModel(name, dataset.getNamedModel(name));
        }
        return union;
    }

    private static Dataset within(Dataset all, Query query) {
        if (!query.hasDatasetDescription()) return all;
        Dataset chosen = DatasetFactory.createGeneral();
        for (String name : query.getGraphURIs()) chosen.getDefaultModel().add(all.getNamedModel(name));
        for (String name : query.getNamedGraphURIs()) chosen.addNamedModel(name, all.getNamedModel(name));
        query.getGraphURIs().clear();
        query.getNamedGraphURIs().clear();
        return chosen;
    }

    private static void write(QueryExecution asked, Query query, String file) throws Exception {
        try (asked; OutputStream output = Files.newOutputStream(Path.of(file))) {
            if (query.isSelectType()) ResultSetFormatter.outputAsJSON(output, asked.execSelect());
            else if (query.isAskType()) ResultSetFormatter.outputAsJSON(output, asked.execAsk());
            else RDFDataMgr.write(output, query.isConstructType() ? asked.execConstruct() : asked.execDescribe(), Lang.NTRIPLES);
        }
    }
}
