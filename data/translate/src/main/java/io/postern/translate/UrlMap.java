package io.postern.translate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which URL inside is which URL outside, for the published applications that may link to each other.
/// Immutable; one per snapshot and tenant.
public final class UrlMap {
    /// One published application.
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

        String internalHost() {
            return WebUrl.parse(internalOrigin, "").map(WebUrl::host).orElse("");
        }

        String externalHost() {
            return WebUrl.parse(externalOrigin, "").map(WebUrl::host).orElse("");
        }
    }

    private final Map<String, List<Mapping>> byInternalOrigin = new HashMap<>();
    private final Map<String, List<Mapping>> byExternalOrigin = new HashMap<>();

    public UrlMap(List<Mapping> mappings) {
        mappings.stream()
                .sorted(Comparator.comparingInt((Mapping m) -> m.internalPath().length())
                        .reversed())
                .forEach(m -> byInternalOrigin
                        .computeIfAbsent(m.internalOrigin(), o -> new ArrayList<>())
                        .add(m));
        mappings.stream()
                .sorted(Comparator.comparingInt((Mapping m) -> m.externalPath().length())
                        .reversed())
                .forEach(m -> byExternalOrigin
                        .computeIfAbsent(m.externalOrigin(), o -> new ArrayList<>())
                        .add(m));
    }

    /// The longest published folder inside that holds the URL (PUB-11); `own` where two are equal.
    Optional<Mapping> ofInternal(WebUrl url, Mapping own) {
        return longest(byInternalOrigin.getOrDefault(url.origin(), List.of()), Mapping::internalPath, url, own);
    }

    Optional<Mapping> ofExternal(WebUrl url, Mapping own) {
        return longest(byExternalOrigin.getOrDefault(url.origin(), List.of()), Mapping::externalPath, url, own);
    }

    private static Optional<Mapping> longest(
            List<Mapping> longestFirst, java.util.function.Function<Mapping, String> folder, WebUrl url, Mapping own) {
        Optional<Mapping> first = longestFirst.stream()
                .filter(m -> Folders.holds(folder.apply(m), url.path()))
                .findFirst();
        boolean ownIsAsGood = first.isPresent()
                && longestFirst.contains(own)
                && folder.apply(own).equals(folder.apply(first.get()));
        return ownIsAsGood ? Optional.of(own) : first;
    }

    /// An application at this origin, `own` if it is one.
    Optional<Mapping> atInternalOrigin(String origin, Mapping own) {
        return any(byInternalOrigin.getOrDefault(origin, List.of()), own);
    }

    Optional<Mapping> atExternalOrigin(String origin, Mapping own) {
        return any(byExternalOrigin.getOrDefault(origin, List.of()), own);
    }

    private static Optional<Mapping> any(List<Mapping> mappings, Mapping own) {
        return mappings.contains(own) ? Optional.of(own) : mappings.stream().findFirst();
    }
}
