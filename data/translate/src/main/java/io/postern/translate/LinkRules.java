package io.postern.translate;

import io.postern.translate.UrlMap.Mapping;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which links of one application become which outside (1.10). Immutable; thread-safe as far as its observer is.
public final class LinkRules {
    /// Scheme, host and port: 8 for `https://`, 253 for a name, 6 for the port, and some air.
    private static final int ORIGIN_LENGTH_MAX = 280;

    private static final List<String> INTERNAL_ENDS =
            List.of(".local", ".corp", ".lan", ".internal", ".intranet", ".home.arpa");
    private static final List<String> INTERNAL_STARTS = List.of("10.", "127.", "192.168.");

    /// A link outside instead of the beginning of one inside.
    ///
    /// @param length how many characters of the text are replaced
    /// @param replacement scheme, host and folder
    public record Found(int length, String replacement) {}

    private final UrlMap map;
    private final Mapping own;
    private final Set<LinkPlace> translated;
    private final Optional<LinkObserver> observer;
    private final long version;

    /// @param own the application whose answers these are; not with a star
    /// @param translated links at other places stay
    public LinkRules(UrlMap map, Mapping own, Set<LinkPlace> translated, Optional<LinkObserver> observer) {
        this.map = map;
        this.own = own;
        this.translated = Set.copyOf(translated);
        this.observer = observer;
        long places = 0;
        for (LinkPlace place : LinkPlace.values()) {
            places = places * 2 + (translated.contains(place) ? 1 : 0);
        }
        version = map.version() * 31 + own.version() * 7 + places;
    }

    /// Whether links at this place are of any interest.
    public boolean looksAt(LinkPlace place) {
        return observer.isPresent() || translated.contains(place);
    }

    public boolean translates(LinkPlace place) {
        return translated.contains(place);
    }

    /// The same rules with somebody who hears of links; his is the only one.
    public LinkRules watched(LinkObserver by) {
        return new LinkRules(map, own, translated, Optional.of(by));
    }

    /// Changes when anything does that decides what becomes of a link. The same on every node.
    public long version() {
        return version;
    }

    /// Links by path alone must move too: the application lies in another folder outside.
    public boolean movesPaths() {
        return !own.internalPath().equals(own.externalPath());
    }

    /// Whether links by path alone are of any interest: they move, or may lead beside the published folder.
    public boolean looksAtPaths() {
        return movesPaths() || (observer.isPresent() && own.internalPath().length() > 1);
    }

    /// So many characters decide; the rest of a longer URL is never looked at.
    public int decisiveLength() {
        return ORIGIN_LENGTH_MAX + map.longestInternalPath() + 1;
    }

    /// @param url a whole URL, or its first [#decisiveLength()] characters, or all up to `?` or `#` and that
    public Optional<Found> outward(String url, LinkPlace place) {
        boolean on = translated.contains(place);
        if (url.startsWith("/") && !url.startsWith("//")) {
            Optional<Found> moved = moved(url);
            observer.ifPresent(o -> tellPath(o, url, place, moved));
            return on ? moved : Optional.empty();
        }
        Optional<WebUrl> parsed = parse(url);
        if (parsed.isEmpty()) {
            observer.ifPresent(o -> tellUnreadable(o, url, place));
            return Optional.empty();
        }
        WebUrl web = parsed.get();
        Optional<Found> found =
                map.ofInternal(web, own).or(() -> ofShortName(web)).map(m -> found(url, web, m));
        observer.ifPresent(o -> tell(o, url, web, place, found));
        return on ? found : Optional.empty();
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

    private void tell(LinkObserver to, String url, WebUrl web, LinkPlace place, Optional<Found> found) {
        if (found.isPresent()) {
            tellFound(to, url, place, found.get());
        } else if (map.isExternalOrigin(web)) {
            return; // right already
        } else if (map.isShortNameOfMany(web)) {
            tellDead(to, url, place, LinkVerdict.SHORT_NAME_OF_SEVERAL);
        } else if (map.isInternalOrigin(web)) {
            tellDead(to, url, place, LinkVerdict.FOLDER_NOT_PUBLISHED);
        } else if (looksInternal(web.host())) {
            tellDead(to, url, place, LinkVerdict.NOT_PUBLISHED);
        }
    }

    private void tellFound(LinkObserver to, String url, LinkPlace place, Found found) {
        to.onLink(
                place,
                ShownUrl.of(url),
                translated.contains(place) ? LinkVerdict.TRANSLATED : LinkVerdict.PLACE_SWITCHED_OFF,
                Optional.of(ShownUrl.of(found.replacement() + url.substring(found.length()))));
    }

    private static void tellDead(LinkObserver to, String url, LinkPlace place, LinkVerdict why) {
        to.onLink(place, ShownUrl.of(url), why, Optional.empty());
    }

    /// A path beside the published folder leads nowhere outside (PUB-9), unless something else is published there.
    private void tellPath(LinkObserver to, String url, LinkPlace place, Optional<Found> moved) {
        if (moved.isPresent()) {
            tellFound(to, url, place, moved.get());
            return;
        }
        String path = ShownUrl.of(url);
        boolean leadsSomewhere = Folders.holds(own.internalPath(), path)
                || WebUrl.parse(own.externalOrigin() + path, "")
                        .flatMap(web -> map.ofExternal(web, own))
                        .isPresent();
        if (!leadsSomewhere) {
            tellDead(to, path, place, LinkVerdict.FOLDER_NOT_PUBLISHED);
        }
    }

    private void tellUnreadable(LinkObserver to, String url, LinkPlace place) {
        int from = url.indexOf("//") + 2;
        int end = from;
        while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        String authority = url.substring(from, end);
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = host.indexOf(':');
        String name = colon < 0 ? host : host.substring(0, colon);
        if (url.startsWith("http") && !name.isEmpty() && looksInternal(name)) {
            tellDead(to, url, place, LinkVerdict.UNREADABLE);
        }
    }

    private boolean looksInternal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return map.isInternalDomain(name)
                || INTERNAL_ENDS.stream().anyMatch(name::endsWith)
                || INTERNAL_STARTS.stream().anyMatch(name::startsWith)
                || isPrivate172(name);
    }

    /// 172.16.0.0/12
    private static boolean isPrivate172(String name) {
        return name.length() > 7
                && name.startsWith("172.")
                && name.charAt(6) == '.'
                && name.compareTo("172.16") >= 0
                && name.compareTo("172.32") < 0;
    }
}
