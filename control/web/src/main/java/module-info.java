/// Pages of the control plane: templates, styles, request facts, security fields. Floor 3.
@org.jspecify.annotations.NullMarked
module io.postern.web {
    requires transitive io.postern.domain;
    requires transitive io.helidon.webserver;
    requires gg.jte.runtime;
    requires tools.jackson.databind;

    exports io.postern.web;
}
