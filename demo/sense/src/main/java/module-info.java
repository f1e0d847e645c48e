/// A backend that behaves like Qlik Sense where it matters to a proxy; for the quickstart and tests.
@org.jspecify.annotations.NullMarked
module io.postern.sense {
    requires transitive io.postern.net;
    requires tools.jackson.databind;

    exports io.postern.sense;
}
