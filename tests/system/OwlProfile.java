import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.profiles.Profiles;

/** Prints how many axioms each ontology has, then each of its violations of OWL 2 DL, behind its file. */
public class OwlProfile {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntology ontology = OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
            System.out.println(file + " " + ontology.getAxiomCount());
            for (OWLProfileViolation violation : Profiles.OWL2_DL.checkOntology(ontology).getViolations())
                System.out.println(file + " " + violation);
        }
    }
}
