package io.postern.gateway.route;

import io.postern.domain.ExternalHost;
import io.postern.domain.OwnHost;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Finds what a request is for: exact host, then the longest published path. Decides on the canonical
/// form; what is forwarded later are the bytes as sent. Immutable and thread-safe; one per snapshot.
public final class Router {
    private static final Route NOWHERE = new Route.Nowhere();
    private static final Route MISDIRECTED = new Route.Misdirected();

    /// What answers on a host.
    private sealed interface Door {
        record Ours(Route route) implements Door {}

        record Applications(Folders folders) implements Door {}
    }

    private final Map<String, Door> doors = new HashMap<>();

    public Router(Snapshot snapshot) {
        Map<ExternalHost, List<PublishedApplication>> hosts = snapshot.applications().stream()
                .collect(Collectors.groupingBy(a -> a.externalUrl().host()));
        hosts.forEach((host, applications) ->
                doors.put(host.value(), new Door.Applications(new Folders(host, applications))));
        for (OwnHost own : OwnHost.values()) {
            String host = own.label() + "." + snapshot.baseDomain();
            switch (own) {
                // last, so that no published application can take one of our own hosts
                case LOGIN, API, CONNECT -> doors.put(host, new Door.Ours(new Route.Own(own)));
                case MYAPPS -> {} // published like any other application
                case ADMIN -> doors.put(host, new Door.Ours(NOWHERE));
            }
        }
    }

    /// @param authority host and optional port as sent
    /// @param target path and query as sent
    /// @param coveredByCertificate whether the connection's certificate is good for a canonical host
    public Route route(String authority, String target, Predicate<String> coveredByCertificate) {
        String host = Authority.canonicalHost(authority);
        Door door = doors.get(host);
        if (door == null && !Authority.isHost(host)) {
            return new Route.Refused("malformed host");
        }
        if (!coveredByCertificate.test(host)) {
            return MISDIRECTED;
        }
        if (!target.startsWith("/")) {
            return new Route.Refused("target is not a path");
        }
        int query = target.indexOf('?');
        int pathEnd = query < 0 ? target.length() : query;
        if (!isQuery(target, pathEnd)) {
            return new Route.Refused("character that a query cannot hold");
        }
        if (door == null) {
            return NOWHERE;
        }
        return switch (door) {
            case Door.Applications a -> a.folders().route(target, pathEnd);
            case Door.Ours ours -> ours(ours.route(), target, pathEnd);
        };
    }

    // octets above US-ASCII are tolerated here: nothing is decided by the query
    private static boolean isQuery(String target, int from) {
        for (int i = from; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f || c == '#') {
                return false;
            }
        }
        return true;
    }

    private static Route ours(Route route, String target, int pathEnd) {
        if (PathReadings.isPlain(target, pathEnd)) {
            return route;
        }
        return PathReadings.fault(target.substring(0, pathEnd), decoded -> Optional.empty())
                .<Route>map(Route.Refused::new)
                .orElse(route);
    }
}
