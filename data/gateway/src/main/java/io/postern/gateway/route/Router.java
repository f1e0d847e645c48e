package io.postern.gateway.route;

import io.postern.domain.ExternalHost;
import io.postern.domain.OwnHost;
import io.postern.domain.snapshot.Place;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.route.Entry.Rank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds what a request is for: the exact host, else the deepest wildcard that covers it (PUB-11, WILD-5), then
/// the longest published folder there. A host that is published by its name has nothing of a wildcard's. Takes
/// as long with one application as with thousands. Decides on the canonical form; what is forwarded later are the
/// bytes as sent. Immutable and thread-safe; one per snapshot.
public final class Router {
    private static final Route NOWHERE = new Route.Nowhere();
    private static final Route MISDIRECTED = new Route.Misdirected();

    /// What answers on a host.
    private sealed interface Door {
        record Ours(Route route) implements Door {}

        record Applications(Folders folders) implements Door {}
    }

    private final Map<String, Door> secure;
    /// What is published with an external URL that begins with `http:` (1.3), on port 80.
    private final Map<String, Door> plain;

    private final String belowBase;

    public Router(Snapshot snapshot) {
        belowBase = "." + snapshot.baseDomain();
        var entries = new ArrayList<Entry>();
        for (PublishedApplication application : snapshot.applications()) {
            boolean segmented = application
                    .publishing()
                    .filter(p -> !p.segments().isEmpty())
                    .isPresent();
            for (Place place : application.places()) {
                Rank rank = segmented ? Rank.SEGMENT : Rank.APPLICATION;
                entries.add(new Entry(place.externalUrl(), application, place, rank));
                place.alternateUrl().ifPresent(url -> entries.add(new Entry(url, application, place, Rank.ALTERNATE)));
            }
        }
        // what is published as http answers on the encrypted port too, where it is in nobody's way
        entries.sort(Comparator.comparing((Entry e) -> e.url().scheme().equals("http"))
                .thenComparing(Entry::rank));
        secure = doors(entries);
        // CPX-4: what is no segment is nothing, not even where a shallower wildcard is published
        for (PublishedApplication application : snapshot.applications()) {
            if (application.externalUrl().host().isWildcard()) {
                secure.putIfAbsent(application.externalUrl().host().value(), new Door.Ours(NOWHERE));
            }
        }
        plain = doors(
                entries.stream().filter(e -> e.url().scheme().equals("http")).toList());
        for (OwnHost own : OwnHost.values()) {
            String host = own.label() + belowBase;
            switch (own) {
                // last, so that no published application can take one of our own hosts
                case LOGIN, API, CONNECT -> secure.put(host, new Door.Ours(new Route.Own(own)));
                case MYAPPS -> {} // published like any other application
                case ADMIN -> secure.put(host, new Door.Ours(NOWHERE));
            }
            plain.remove(host);
        }
    }

    private static Map<String, Door> doors(List<Entry> entries) {
        var byHost = new HashMap<ExternalHost, List<Entry>>();
        entries.forEach(e ->
                byHost.computeIfAbsent(e.url().host(), h -> new ArrayList<>()).add(e));
        var doors = new HashMap<String, Door>();
        byHost.forEach((host, list) -> doors.put(host.value(), new Door.Applications(new Folders(host, list))));
        return doors;
    }

    /// On a connection with TLS.
    ///
    /// @param authority host and optional port as sent
    /// @param target path and query as sent
    /// @param coveredByCertificate whether the connection's certificate is good for a canonical host
    public Route route(String authority, String target, Predicate<String> coveredByCertificate) {
        return route(secure, authority, target, coveredByCertificate);
    }

    /// On a connection without TLS: only what is published with `http:` is found.
    public Route routePlain(String authority, String target) {
        return route(plain, authority, target, host -> true);
    }

    private Route route(
            Map<String, Door> doors, String authority, String target, Predicate<String> coveredByCertificate) {
        String host = Authority.canonicalHost(authority);
        Door door = host.startsWith("*") ? null : doors.get(host); // a wildcard is no name that a client may say
        boolean byWildcard = false;
        if (door == null) {
            if (!Authority.isHost(host)) {
                return new Route.Refused("malformed host");
            }
            door = wildcard(doors, host);
            byWildcard = door != null;
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
            case Door.Applications a -> {
                Route found = a.folders().route(target, pathEnd);
                yield byWildcard ? at(new ExternalHost(host), found) : found;
            }
            case Door.Ours ours -> ours(ours.route(), target, pathEnd);
        };
    }

    /// The deepest wildcard above the host. Names under the base domain are given out one by one: no wildcard
    /// covers them.
    private @Nullable Door wildcard(Map<String, Door> doors, String host) {
        if (host.endsWith(belowBase)) {
            return null;
        }
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            Door door = doors.get("*" + host.substring(dot));
            if (door != null) {
                return door;
            }
        }
        return null;
    }

    /// A wildcard's route, for the host that was asked for.
    private static Route at(ExternalHost host, Route route) {
        return switch (route) {
            case Route.Published p ->
                new Route.Published(host, at(host, p.application()), p.place().at(host));
            case Route.Reserved r ->
                new Route.Reserved(
                        host, r.applications().stream().map(a -> at(host, a)).toList());
            default -> route;
        };
    }

    private static PublishedApplication at(ExternalHost host, PublishedApplication application) {
        return application.enteredBy(application.externalUrl().at(host));
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
