/// Pages of the control plane: templates, styles, request facts, security fields. Floor 3.
@org.jspecify.annotations.NullMarked
module io.postern.web {
    requires transitive io.postern.domain;
    requires transitive io.helidon.webserver;
    requires transitive io.postern.token;
    requires transitive tools.jackson.databind;
    requires gg.jte.runtime;

    exports io.postern.web;
}
