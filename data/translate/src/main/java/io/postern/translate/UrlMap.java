package io.postern.translate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Which URL inside is which URL outside, for the published applications that may link to each other.
/// Immutable; one per snapshot and tenant.
public final class UrlMap {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /// One published application.
    ///
    /// Both hosts may begin with `*.`, of a wildcard application (WILD-1); what the star stands for
    /// inside it stands for outside.
    ///
    /// @param internalOrigin `http://wiki.corp:8080`, the scheme's own port left out, lower case
    /// @param internalPath begins and ends with `/`
    /// @param externalOrigin with the public port unless it is the scheme's own
    /// @param externalPath begins and ends with `/`
    public record Mapping(String internalOrigin, String internalPath, String externalOrigin, String externalPath) {
        public Mapping {
            if (!internalPath.startsWith("/")
                    || !internalPath.endsWith("/")
                    || !externalPath.startsWith("/")
                    || !externalPath.endsWith("/")) {
                throw new IllegalArgumentException("paths begin and end with a slash");
            }
        }

        /// Of a wildcard application: this one of its hosts. Others are theirs already.
        ///
        /// @param star what the star stands for, such as `budgets`
        public Mapping at(String star) {
            return isWildcard()
                    ? new Mapping(
                            internalOrigin.replace("*", star),
                            internalPath,
                            externalOrigin.replace("*", star),
                            externalPath)
                    : this;
        }

        /// The mapping that users of this host see.
        ///
        /// @param host as the client asked for it, lower case
        public Mapping atExternalHost(String host) {
            int star = externalOrigin.indexOf("//*.");
            if (star < 0) {
                return this;
            }
            String domain = externalOrigin.substring(star + 3);
            int port = domain.indexOf(':');
            String suffix = port < 0 ? domain : domain.substring(0, port);
            return host.length() > suffix.length() && host.endsWith(suffix)
                    ? at(host.substring(0, host.length() - suffix.length()))
                    : this;
        }

        /// Changes when anything of it does.
        long version() {
            long hash = FNV_OFFSET;
            for (String part : List.of(internalOrigin, internalPath, externalOrigin, externalPath)) {
                for (int i = 0; i < part.length(); i++) {
                    hash = (hash ^ part.charAt(i)) * FNV_PRIME;
                }
                hash = (hash ^ '\n') * FNV_PRIME;
            }
            return hash;
        }

        boolean isWildcard() {
            return internalOrigin.contains("//*.");
        }

        String internalHost() {
            return WebUrl.parse(internalOrigin, "").map(WebUrl::host).orElse("");
        }

        String externalHost() {
            return WebUrl.parse(externalOrigin, "").map(WebUrl::host).orElse("");
        }
    }

    private final Map<String, List<Mapping>> byInternalOrigin = new HashMap<>();
    private final Map<String, List<Mapping>> byExternalOrigin = new HashMap<>();
    private final Map<String, List<String>> originsByShortOrigin = new HashMap<>();
    private final Set<String> domains = new HashSet<>();
    private final int longestInternalPath;
    private final long version;

    public UrlMap(List<Mapping> mappings) {
        fill(byInternalOrigin, mappings, Mapping::internalOrigin, Mapping::internalPath);
        fill(byExternalOrigin, mappings, Mapping::externalOrigin, Mapping::externalPath);
        for (String origin : byInternalOrigin.keySet()) {
            WebUrl.parse(origin, "").ifPresent(url -> remember(origin, url.host()));
        }
        longestInternalPath =
                mappings.stream().mapToInt(m -> m.internalPath().length()).max().orElse(1);
        version = mappings.stream().mapToLong(Mapping::version).sum(); // their order means nothing
    }

    private static void fill(
            Map<String, List<Mapping>> by,
            List<Mapping> mappings,
            Function<Mapping, String> origin,
            Function<Mapping, String> path) {
        mappings.stream()
                .sorted(Comparator.comparingInt((Mapping m) -> path.apply(m).length())
                        .reversed())
                .forEach(m -> by.computeIfAbsent(origin.apply(m), o -> new ArrayList<>())
                        .add(m));
    }

    /// `http://wiki` may mean `http://wiki.corp` (BODY-4).
    private void remember(String origin, String host) {
        int dot = host.indexOf('.');
        boolean isAddress = host.startsWith("[") || Character.isDigit(host.charAt(host.length() - 1));
        if (dot > 0 && !isAddress) {
            domains.add(host.substring(dot));
            originsByShortOrigin
                    .computeIfAbsent(origin.replace(host, host.substring(0, dot)), o -> new ArrayList<>())
                    .add(origin);
        }
    }

    /// The longest published folder inside that holds the URL (PUB-11); `own` where two are equal.
    Optional<Mapping> ofInternal(WebUrl url, Mapping own) {
        return find(byInternalOrigin, Mapping::internalPath, url, own);
    }

    Optional<Mapping> ofExternal(WebUrl url, Mapping own) {
        return find(byExternalOrigin, Mapping::externalPath, url, own);
    }

    /// The exact host before wildcards, a deeper wildcard before another (WILD-5).
    private static Optional<Mapping> find(
            Map<String, List<Mapping>> by, Function<Mapping, String> folder, WebUrl url, Mapping own) {
        Optional<Mapping> exact = longest(by.getOrDefault(url.origin(), List.of()), folder, url, own);
        if (exact.isPresent()) {
            return exact;
        }
        return wildcards(by, url).stream()
                .flatMap(list -> longest(list, folder, url, own).stream())
                .findFirst();
    }

    private static List<List<Mapping>> wildcards(Map<String, List<Mapping>> by, WebUrl url) {
        List<List<Mapping>> found = List.of();
        int host = url.origin().indexOf("//") + 2;
        for (int dot = url.origin().indexOf('.', host);
                dot > 0;
                dot = url.origin().indexOf('.', dot + 1)) {
            List<Mapping> there =
                    by.get(url.origin().substring(0, host) + "*" + url.origin().substring(dot));
            if (there != null) {
                String star = url.origin().substring(host, dot);
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(there.stream().map(m -> m.at(star)).toList());
            }
        }
        return found;
    }

    private static Optional<Mapping> longest(
            List<Mapping> longestFirst, Function<Mapping, String> folder, WebUrl url, Mapping own) {
        Mapping first = null;
        for (Mapping m : longestFirst) {
            if (first != null && folder.apply(m).length() < folder.apply(first).length()) {
                break;
            }
            if (Folders.holds(folder.apply(m), url.path()) && (first == null || m.equals(own))) {
                first = m;
            }
        }
        return Optional.ofNullable(first);
    }

    /// What a short name stands for: the full origin, the one in `own`'s domain first; empty where none or
    /// several are published.
    Optional<String> ofShortName(WebUrl url, Mapping own) {
        List<String> origins = originsByShortOrigin.getOrDefault(url.origin(), List.of());
        if (origins.size() == 1) {
            return Optional.of(origins.getFirst());
        }
        String ownHost = own.internalHost();
        int dot = ownHost.indexOf('.');
        String domain = dot < 0 ? "" : ownHost.substring(dot);
        return dot < 0
                ? Optional.empty()
                : origins.stream()
                        .filter(o -> WebUrl.parse(o, "")
                                .filter(u -> u.host().equals(url.host() + domain))
                                .isPresent())
                        .findFirst();
    }

    boolean isShortNameOfMany(WebUrl url) {
        return originsByShortOrigin.getOrDefault(url.origin(), List.of()).size() > 1;
    }

    /// Something is published there, if not this folder.
    boolean isInternalOrigin(WebUrl url) {
        return byInternalOrigin.containsKey(url.origin());
    }

    /// A neighbour of something published: `x.corp` where `wiki.corp` is.
    boolean isInternalDomain(String host) {
        int dot = host.indexOf('.');
        return dot < 0 || domains.contains(host.substring(dot));
    }

    boolean isExternalOrigin(WebUrl url) {
        return byExternalOrigin.containsKey(url.origin())
                || !wildcards(byExternalOrigin, url).isEmpty();
    }

    /// Changes when anything in the map does.
    long version() {
        return version;
    }

    int longestInternalPath() {
        return longestInternalPath;
    }

    /// An application at this origin, `own` if it is one.
    Optional<Mapping> atInternalOrigin(String origin, Mapping own) {
        return any(byInternalOrigin, origin, own);
    }

    Optional<Mapping> atExternalOrigin(String origin, Mapping own) {
        return any(byExternalOrigin, origin, own);
    }

    private static Optional<Mapping> any(Map<String, List<Mapping>> by, String origin, Mapping own) {
        List<Mapping> mappings = by.getOrDefault(origin, List.of());
        if (mappings.isEmpty()) {
            mappings = WebUrl.parse(origin, "").stream()
                    .flatMap(url -> wildcards(by, url).stream().flatMap(List::stream))
                    .toList();
        }
        return mappings.contains(own) ? Optional.of(own) : mappings.stream().findFirst();
    }
}
