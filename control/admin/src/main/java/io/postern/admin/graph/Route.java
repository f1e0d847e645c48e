package io.postern.admin.graph;

import java.util.Set;
import java.util.function.Function;

/// One line of the API's table: who may call what, and what is done then.
///
/// @param path segments after the version; `{name}` stands for one segment
/// @param options query options that mean something here; every other is refused
record Route(Verb verb, String path, Access access, Set<String> options, Function<Call, Reply> handling) {
    enum Verb {
        GET,
        POST,
        PATCH,
        PUT,
        DELETE
    }

    enum Access {
        /// Global Administrators, people and service principals alike.
        ADMINISTRATOR,
        /// Every user, for what is his own; there is no "me" of a service principal.
        PERSON
    }

    private static final Set<String> LIST = Set.of("$top", "$skiptoken", "$filter", "$select");
    private static final Set<String> ONE = Set.of("$select");

    static Route list(String path, Function<Call, Reply> handling) {
        return new Route(Verb.GET, path, Access.ADMINISTRATOR, LIST, handling);
    }

    static Route get(String path, Function<Call, Reply> handling) {
        return new Route(Verb.GET, path, Access.ADMINISTRATOR, ONE, handling);
    }

    static Route own(String path, Function<Call, Reply> handling) {
        return new Route(Verb.GET, path, Access.PERSON, ONE, handling);
    }

    static Route change(Verb verb, String path, Function<Call, Reply> handling) {
        return new Route(verb, path, Access.ADMINISTRATOR, Set.of(), handling);
    }
}
