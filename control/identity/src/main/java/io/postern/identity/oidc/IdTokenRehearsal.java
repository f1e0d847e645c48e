package io.postern.identity.oidc;

import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.Rehearsal;
import io.postern.store.Tenant;
import io.postern.web.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Shows the claims of the ID token that a client would get.
final class IdTokenRehearsal implements Rehearsal {
    private final RelyingParties parties;
    private final Tokens tokens;
    private final ServiceAddress address;

    IdTokenRehearsal(RelyingParties parties, Tokens tokens, ServiceAddress address) {
        this.parties = parties;
        this.tokens = tokens;
        this.address = address;
    }

    @Override
    public Optional<Told> rehearse(Tenant tenant, AppId application, BrowserSessions.Current current) {
        return parties.find(tenant, application.value())
                .filter(client -> !redirects(client).isEmpty())
                .map(client -> told(tenant, client, current));
    }

    private Told told(Tenant tenant, RelyingParty client, BrowserSessions.Current current) {
        var grant = new UserGrant(
                tenant.id(),
                client.appId(),
                current.user().id(),
                current.session().id(),
                current.session().authenticated(),
                current.session().methods(),
                current.session().mfa(),
                Set.of("openid", "profile", "email"),
                client.appId());
        Map<String, Object> claims = tokens.idTokenClaims(grant, current.user(), client, UserTokens.SignedIn.BEFORE);
        var said = new ArrayList<Line>();
        claims.forEach((name, value) -> said.add(new Line(name, texts(value))));
        List<Line> settings = List.of(
                Line.of("trial.line.protocol", "OpenID Connect"),
                Line.of("trial.line.issuer", address.issuer(tenant.id())),
                Line.of("trial.line.client", client.appId()),
                new Line("trial.line.redirect", redirects(client)));
        Map<String, Object> json = claims.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue() instanceof Date at ? at.toInstant().getEpochSecond() : e.getValue(),
                        (a, _) -> a,
                        LinkedHashMap::new));
        return new Told(
                settings,
                said,
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json),
                Optional.empty());
    }

    private List<String> redirects(RelyingParty client) {
        var all = new ArrayList<>(client.application().redirectUris());
        all.addAll(client.settings().spaRedirectUris());
        all.addAll(client.settings().publicRedirectUris());
        return all.stream().map(address::follow).distinct().toList();
    }

    private static List<String> texts(Object value) {
        return switch (value) {
            case Collection<?> several -> several.stream().map(String::valueOf).toList();
            case Date at -> List.of(at.toInstant().toString());
            default -> List.of(String.valueOf(value));
        };
    }
}
