package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Snapshot;
import io.postern.translate.FieldTranslation;
import io.postern.translate.SetCookieField;
import io.postern.translate.UrlMap;
import io.postern.translate.UrlMap.Mapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How fields change between inside and outside, for every application of a snapshot (1.9, CK-2).
/// Immutable; built once per snapshot.
public final class Translations {
    private static final List<AsciiString> INWARD =
            List.of(HttpHeaderNames.ORIGIN, HttpHeaderNames.REFERER, AsciiString.cached("destination"));
    private static final List<AsciiString> OUTWARD = List.of(
            HttpHeaderNames.LOCATION,
            HttpHeaderNames.CONTENT_LOCATION,
            AsciiString.cached("refresh"),
            AsciiString.cached("link"),
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN);

    /// @param fields empty where the backend is to know itself by its external URL
    private record Application(Mapping own, Optional<FieldTranslation> fields) {}

    private final Map<AppId, Application> byApplication = new HashMap<>();

    public Translations(Snapshot snapshot, int publicPort) {
        var mappings = new HashMap<TenantId, List<Mapping>>();
        for (PublishedApplication application : snapshot.applications()) {
            mapping(application, publicPort)
                    .ifPresent(m -> mappings.computeIfAbsent(application.tenant(), t -> new ArrayList<>())
                            .add(m));
        }
        var maps = new HashMap<TenantId, UrlMap>();
        mappings.forEach((tenant, list) -> maps.put(tenant, new UrlMap(list)));
        for (PublishedApplication application : snapshot.applications()) {
            UrlMap map = maps.get(application.tenant());
            Optional<Mapping> own = mapping(application, publicPort);
            if (map != null && own.isPresent()) {
                boolean translates = application
                        .publishing()
                        .orElseThrow()
                        .settings()
                        .fields()
                        .translate();
                byApplication.put(
                        application.appId(),
                        new Application(
                                own.get(),
                                translates ? Optional.of(new FieldTranslation(map, own.get())) : Optional.empty()));
            }
        }
    }

    private static Optional<Mapping> mapping(PublishedApplication application, int publicPort) {
        return application
                .publishing()
                .map(p -> new Mapping(
                        p.internalUrl().origin(),
                        p.internalUrl().path(),
                        application.externalUrl().origin(publicPort),
                        application.externalUrl().path()));
    }

    /// A request's fields, in place.
    void inward(AppId appId, Http2Headers fields) {
        Application application = byApplication.get(appId);
        if (application == null || application.fields().isEmpty()) {
            return;
        }
        for (AsciiString name : INWARD) {
            CharSequence value = fields.get(name);
            if (value != null) {
                fields.set(name, application.fields().get().inward(name.toString(), value));
            }
        }
    }

    /// An answer's fields, in place.
    void outward(AppId appId, Http2Headers fields) {
        Application application = byApplication.get(appId);
        if (application == null) {
            return;
        }
        cookies(application, fields);
        if (application.fields().isEmpty()) {
            return;
        }
        for (AsciiString name : OUTWARD) {
            if (fields.contains(name)) {
                List<CharSequence> values = fields.getAllAndRemove(name);
                values.forEach(v -> fields.add(name, application.fields().get().outward(name.toString(), v)));
            }
        }
    }

    private static void cookies(Application application, Http2Headers fields) {
        if (!fields.contains(HttpHeaderNames.SET_COOKIE)) {
            return;
        }
        boolean translates = application.fields().isPresent();
        for (CharSequence cookie : fields.getAllAndRemove(HttpHeaderNames.SET_COOKIE)) {
            SetCookieField.outward(cookie, application.own(), translates)
                    .ifPresent(kept -> fields.add(HttpHeaderNames.SET_COOKIE, kept));
        }
    }
}
