package io.postern.admin.graph;

import io.postern.domain.directory.Action;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// One line of the API's table: who may call what, and what is done then. Who holds which action says
/// [io.postern.domain.directory.AdminRole].
///
/// @param path segments after the version; `{name}` stands for one segment
/// @param actions the caller needs one of these
/// @param owner or must own the application, that of the service principal, or the group, which the path names
/// @param options query options that mean something here; every other is refused
record Route(
        Verb verb,
        String path,
        Set<Action> actions,
        boolean owner,
        Set<String> options,
        Function<Call, Reply> handling) {
    enum Verb {
        GET,
        POST,
        PATCH,
        PUT,
        DELETE
    }

    private static final Set<String> LIST = Set.of("$top", "$skiptoken", "$filter", "$select");
    private static final Set<String> ONE = Set.of("$select");

    Route(Verb verb, String path, Set<Action> actions, Set<String> options, Function<Call, Reply> handling) {
        this(verb, path, actions, false, options, handling);
    }

    static Route list(Action action, String path, Function<Call, Reply> handling) {
        return new Route(Verb.GET, path, Set.of(action), LIST, handling);
    }

    static Route get(Action action, String path, Function<Call, Reply> handling) {
        return new Route(Verb.GET, path, Set.of(action), ONE, handling);
    }

    /// What a user reads of himself.
    static Route own(String path, Function<Call, Reply> handling) {
        return new Route(Verb.GET, path, Set.of(Action.OWN), ONE, handling);
    }

    static Route change(Action action, Verb verb, String path, Function<Call, Reply> handling) {
        return new Route(verb, path, Set.of(action), Set.of(), handling);
    }

    /// The same for holders of another action too; the handling tells apart what each of them may.
    Route or(Action action) {
        var more = EnumSet.copyOf(actions);
        more.add(action);
        return new Route(verb, path, more, owner, options, handling);
    }

    /// The same for owners too, of what the path names.
    Route orOwner() {
        return new Route(verb, path, actions, true, options, handling);
    }

    /// What an owner must own; empty when owners may no more than others.
    Optional<String> owned() {
        return Optional.of(path.startsWith("/groups/") ? "group" : "application")
                .filter(_ -> owner);
    }

    /// The same with one more query option.
    Route with(String option) {
        var more = new HashSet<>(options);
        more.add(option);
        return new Route(verb, path, actions, owner, Set.copyOf(more), handling);
    }
}
