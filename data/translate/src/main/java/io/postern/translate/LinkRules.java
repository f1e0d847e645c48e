package io.postern.translate;

import io.postern.translate.UrlMap.Mapping;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which links of one application become which outside (1.10). Immutable; thread-safe as far as its observer is.
public final class LinkRules {
    /// Scheme, host and port: 8 for `https://`, 253 for a name, 6 for the port, and some air.
    private static final int ORIGIN_LENGTH_MAX = 280;

    /// A link outside instead of the beginning of one inside.
    ///
    /// @param length how many characters of the text are replaced
    /// @param replacement scheme, host and folder
    public record Found(int length, String replacement) {}

    private final UrlMap map;
    private final Mapping own;
    private final Set<LinkPlace> translated;
    private final Optional<LinkObserver> observer;

    /// @param own the application whose answers these are; not with a star
    /// @param translated links at other places stay
    public LinkRules(UrlMap map, Mapping own, Set<LinkPlace> translated, Optional<LinkObserver> observer) {
        this.map = map;
        this.own = own;
        this.translated = Set.copyOf(translated);
        this.observer = observer;
    }

    /// Whether links at this place are of any interest.
    public boolean looksAt(LinkPlace place) {
        return observer.isPresent() || translated.contains(place);
    }

    public boolean translates(LinkPlace place) {
        return translated.contains(place);
    }

    /// Links by path alone must move too: the application lies in another folder outside.
    public boolean movesPaths() {
        return !own.internalPath().equals(own.externalPath());
    }

    /// So many characters decide; the rest of a longer URL is never looked at.
    public int decisiveLength() {
        return ORIGIN_LENGTH_MAX + map.longestInternalPath() + 1;
    }

    /// @param url a whole URL, or its first [#decisiveLength()] characters, or all up to `?` or `#` and that
    public Optional<Found> outward(String url, LinkPlace place) {
        boolean on = translated.contains(place);
        if (url.startsWith("/") && !url.startsWith("//")) {
            return on ? moved(url) : Optional.empty();
        }
        Optional<WebUrl> parsed = parse(url);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        WebUrl web = parsed.get();
        Optional<Mapping> mapping = map.ofInternal(web, own).or(() -> ofShortName(web));
        observer.ifPresent(o -> tell(o, url, web, place, mapping.isPresent()));
        return on ? mapping.map(m -> found(url, web, m)) : Optional.empty();
    }

    /// A reference without scheme has the page's own; but where only the other scheme is published, that is
    /// meant.
    private Optional<WebUrl> parse(String url) {
        String scheme = own.internalOrigin().startsWith("https:") ? "https" : "http";
        Optional<WebUrl> first = WebUrl.parse(url, scheme);
        if (!url.startsWith("//") || first.isEmpty() || map.isInternalOrigin(first.get())) {
            return first;
        }
        Optional<WebUrl> second = WebUrl.parse(url, scheme.equals("http") ? "https" : "http");
        return second.filter(map::isInternalOrigin).isPresent() ? second : first;
    }

    private Optional<Mapping> ofShortName(WebUrl web) {
        if (web.host().indexOf('.') >= 0) {
            return Optional.empty();
        }
        return map.ofShortName(web, own)
                .flatMap(origin -> map.ofInternal(
                        new WebUrl(origin, web.host(), web.path(), web.rest(), web.authorityEnd()), own));
    }

    private static Found found(String url, WebUrl web, Mapping to) {
        boolean pathless = web.authorityEnd() == url.length() - web.rest().length();
        if (pathless) {
            // as it was: what scripts append to it begins with a slash
            String folder = to.externalPath().substring(0, to.externalPath().length() - 1);
            boolean bare = folder.isEmpty() && web.rest().isEmpty();
            return new Found(
                    web.authorityEnd(), to.externalOrigin() + (bare ? "" : folder.isEmpty() ? "/" : to.externalPath()));
        }
        int held = Math.min(to.internalPath().length(), web.path().length());
        return new Found(
                web.authorityEnd() + held,
                to.externalOrigin()
                        + Folders.move(web.path().substring(0, held), to.internalPath(), to.externalPath()));
    }

    private Optional<Found> moved(String url) {
        int end = 0;
        while (end < url.length() && url.charAt(end) != '?' && url.charAt(end) != '#') {
            end++;
        }
        String path = url.substring(0, end);
        if (!movesPaths() || url.startsWith("/\\") || !Folders.holds(own.internalPath(), path)) {
            return Optional.empty();
        }
        int held = Math.min(own.internalPath().length(), end);
        return Optional.of(
                new Found(held, Folders.move(path.substring(0, held), own.internalPath(), own.externalPath())));
    }

    private void tell(LinkObserver to, String url, WebUrl web, LinkPlace place, boolean published) {
        if (published) {
            to.onLink(place, url, translated.contains(place) ? LinkVerdict.TRANSLATED : LinkVerdict.PLACE_SWITCHED_OFF);
        } else if (map.isExternalOrigin(web)) {
            return; // right already
        } else if (map.isShortNameOfMany(web)) {
            to.onLink(place, url, LinkVerdict.SHORT_NAME_OF_SEVERAL);
        } else if (map.isInternalOrigin(web)) {
            to.onLink(place, url, LinkVerdict.FOLDER_NOT_PUBLISHED);
        } else if (looksInternal(web.host())) {
            to.onLink(place, url, LinkVerdict.NOT_PUBLISHED);
        }
    }

    private boolean looksInternal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return map.isInternalDomain(name)
                || name.endsWith(".local")
                || name.endsWith(".corp")
                || name.endsWith(".lan")
                || name.endsWith(".internal")
                || name.endsWith(".intranet")
                || name.startsWith("10.")
                || name.startsWith("192.168.");
    }
}
