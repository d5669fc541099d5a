import org.apache.jena.graph.Graph;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;
import org.apache.jena.shacl.validation.ReportEntry;

/** Validates each graph against the shapes in the first file: file, focus node and shape of each result. */
public class JenaShacl {
    public static void main(String[] files) {
        Shapes shapes = Shapes.parse(RDFDataMgr.loadGraph(files[0]));
        for (int at = 1; at < files.length; at++) {
            Graph data = RDFDataMgr.loadGraph(files[at]);
            for (ReportEntry entry : ShaclValidator.get().validate(shapes, data).getEntries())
                System.out.println(files[at] + " " + entry.focusNode() + " " + entry.source());
        }
    }
}
