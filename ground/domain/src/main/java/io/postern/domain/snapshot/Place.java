package io.postern.domain.snapshot;

import io.postern.domain.ExternalHost;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.publish.CorsRule;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.Segment;
import java.util.List;
import java.util.Optional;

/// One folder outside and what it leads to. An ordinary application has one place, a complex one a place for
/// each segment (CPX-1).
///
/// @param externalUrl its host may be a wildcard, and then that of `inside` is one too (PUB-7)
/// @param alternateUrl of a front end; answered likewise (FE-1)
/// @param showsAlternate redirects and translations name `alternateUrl` (FE-1)
/// @param inside empty where the control plane itself answers
/// @param corsRules what other origins may do here
public record Place(
        ExternalUrl externalUrl,
        Optional<ExternalUrl> alternateUrl,
        boolean showsAlternate,
        Optional<Inside> inside,
        List<CorsRule> corsRules) {

    /// @param url its host is a name also where that of the backend is a wildcard, once a request has named it
    public record Inside(InternalUrl url, Backend backend) {}

    public Place {
        corsRules = List.copyOf(corsRules);
    }

    static Place of(ExternalUrl externalUrl) {
        return new Place(externalUrl, Optional.empty(), false, Optional.empty(), List.of());
    }

    /// @param own backend of the application's own internal URL
    static List<Place> of(Publishing publishing, Backend own) {
        boolean alternate = publishing.settings().alternateForTranslation();
        if (publishing.segments().isEmpty()) {
            return List.of(new Place(
                    publishing.externalUrl(),
                    publishing.settings().alternateUrl(),
                    alternate,
                    Optional.of(new Inside(publishing.internalUrl(), own)),
                    List.of()));
        }
        return publishing.segments().stream().map(s -> of(s, publishing)).toList();
    }

    private static Place of(Segment segment, Publishing publishing) {
        var settings = publishing.settings();
        Backend backend = Backend.of(segment.internalUrl(), settings.backendTls(), settings.times());
        return new Place(
                segment.externalUrl(),
                segment.alternateUrl(),
                settings.alternateForTranslation() && segment.alternateUrl().isPresent(),
                Optional.of(new Inside(segment.internalUrl(), backend)),
                segment.corsRules());
    }

    /// Of a publication.
    public static List<Place> of(Publishing publishing) {
        return of(publishing, Backend.of(publishing));
    }

    /// What links and redirects to it should name.
    public ExternalUrl shown() {
        return showsAlternate ? alternateUrl.orElse(externalUrl) : externalUrl;
    }

    public boolean isWildcard() {
        return externalUrl.host().isWildcard();
    }

    /// This wildcard as one host below it: what stands for the `*` outside stands for it inside.
    ///
    /// @param host one that [#externalUrl()] covers
    public Place at(ExternalHost host) {
        int suffix = externalUrl.host().value().length() - 1;
        String stem = host.value().substring(0, host.value().length() - suffix);
        return new Place(
                externalUrl.at(host),
                alternateUrl,
                showsAlternate,
                inside.map(i -> new Inside(i.url().at(stem + i.url().host().substring(1)), i.backend())),
                corsRules);
    }
}
