package io.postern.gateway.route;

import io.postern.domain.ExternalDoor;
import io.postern.domain.ExternalHost;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The published folders of one host: the longest one that holds the path wins (PUB-10, PUB-11), on
/// whole segments only. A path that somebody behind us could read as lying in another folder is
/// refused, since then another policy would be right. Immutable.
final class Folders {
    private static final String CONFUSION = "readings of the path lead to different applications";

    /// Compared by identity.
    private static final class Folder {
        private final Route route;

        Folder(Route route) {
            this.route = route;
        }
    }

    private final Map<String, Folder> exact = new HashMap<>(4);
    /// Keys in lower case: how a backend that ignores case reads the path.
    private final Map<String, Folder> folded = new HashMap<>(4);
    private final Folder none;
    private final Folder reserved;
    private final int deepest;
    /// Where the whole host is one application's, as most are: then nothing is looked up. Among thousands of hosts each
    /// look into a map of its own waits for main memory several times.
    private final @Nullable Folder whole;

    /// @param host may be a wildcard: then the routes are, too
    /// @param entries of this host, the one that wins first where two have the same folder
    Folders(ExternalHost host, List<Entry> entries) {
        for (Entry entry : entries) {
            PublishedApplication seen = entry.application().enteredBy(entry.url());
            enter(entry.url().path(), new Route.Published(host, seen, entry.place()));
        }
        List<PublishedApplication> here =
                entries.stream().map(e -> e.application().enteredBy(e.url())).toList();
        none = new Folder(new Route.Nowhere(here));
        enter(ExternalDoor.RESERVED, new Route.Reserved(host, here));
        deepest = exact.keySet().stream().mapToInt(Folders::depth).max().orElseThrow();
        reserved = Objects.requireNonNull(exact.get(ExternalDoor.RESERVED));
        whole = exact.size() == 2 ? exact.get("/") : null;
    }

    private void enter(String path, Route route) {
        var folder = new Folder(route);
        exact.putIfAbsent(path, folder);
        folded.putIfAbsent(path.toLowerCase(Locale.ROOT), folder);
    }

    private static int depth(String folder) {
        return (int) folder.chars().filter(c -> c == '/').count() - 1;
    }

    Route route(String target, int pathEnd) {
        Folder literal = find(exact, head(target, pathEnd, false, false));
        Optional<String> fault = PathReadings.isPlain(target, pathEnd)
                ? confusion(target, pathEnd, literal, 1)
                : PathReadings.fault(target.substring(0, pathEnd), d -> confusion(d, d.length(), literal, 4));
        return fault.<Route>map(Route.Refused::new).orElse(literal.route);
    }

    /// @param readings 1: as it stands; 4: with and without parameters, empty segments
    private Optional<String> confusion(String path, int end, Folder literal, int readings) {
        if (literal == none) {
            return Optional.empty(); // not forwarded, so nobody can be confused by it
        }
        for (int reading = 0; reading < readings; reading++) {
            String head = head(path, end, (reading & 1) != 0, (reading & 2) != 0);
            if (find(folded, head.toLowerCase(Locale.ROOT)) != literal) {
                return Optional.of(CONFUSION);
            }
        }
        return Optional.empty();
    }

    /// The first segments of a path, as many as the deepest folder has, with a slash behind each.
    private String head(String path, int end, boolean namesOnly, boolean slashesMerged) {
        var head = new StringBuilder(32).append('/');
        int segments = 0;
        int at = 1;
        while (at < end && segments < deepest) {
            int slash = path.indexOf('/', at);
            int to = slash < 0 || slash > end ? end : slash;
            int name = namesOnly ? nameEnd(path, at, to) : to;
            if (name > at || !slashesMerged) {
                head.append(path, at, name).append('/');
                segments++;
            }
            at = to + 1;
        }
        return head.toString();
    }

    // without parameters, and without the dots that Windows drops at the end of a name
    private static int nameEnd(String path, int from, int to) {
        int end = PathReadings.segmentEnd(path, from, to);
        while (end > from && path.charAt(end - 1) == '.') {
            end--;
        }
        return end;
    }

    private Folder find(Map<String, Folder> folders, String head) {
        if (whole != null) {
            return head.startsWith(ExternalDoor.RESERVED) ? reserved : whole;
        }
        for (int end = head.length(); end > 0; end = head.lastIndexOf('/', end - 2) + 1) {
            Folder folder = folders.get(head.substring(0, end));
            if (folder != null) {
                return folder;
            }
        }
        return none;
    }
}
