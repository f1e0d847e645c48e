package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.saml.AuthnContexts;
import io.postern.saml.AuthnRequest;
import io.postern.saml.xml.RefusedMessage;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.SessionStore;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Each ending of a sign-in by SAML or WS-Federation is one line of the sign-in log: a refusal never stands there as
/// a success, nor beside one.
class SamlSignInLogTest {
    private static final String USER = "b.simon@contoso.example";

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;
    private SamlSite site;
    private int seen;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        browser = host.browser();
        site = SamlSite.register(host, "wages", UnaryOperator.identity());
        browser.signIn(browser.get(site.link(site.request())), USER, PASSWORD);
        seen = lines().size();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private List<JsonNode> lines() {
        return host.store.read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(100))).stream()
                .map(entry -> Json.MAPPER.readTree(entry.text()))
                .toList();
    }

    /// Exactly one line came: this one.
    private void assertNoted(int number, String protocol) {
        host.clock.advance(Duration.ofSeconds(1));
        List<JsonNode> now = lines();
        assertEquals(seen + 1, now.size(), now.toString());
        seen = now.size();
        JsonNode newest = now.getFirst();
        assertEquals(number, newest.path("status").path("errorCode").asInt(), newest.toString());
        assertEquals(protocol, newest.path("authenticationProtocol").asString(), newest.toString());
        assertEquals(site.application.appId().value(), newest.path("appId").asString());
    }

    private String federation(String more) {
        return "/contoso/wsfed?wa=wsignin1.0&wtrealm=" + Browser.encode(site.entityId) + more;
    }

    private void removeCertificates() {
        host.store.write(s -> {
            s.samlCertificates()
                    .list(host.contoso.id(), site.application.appId())
                    .forEach(c -> s.samlCertificates().delete(host.contoso.id(), site.application.appId(), c.keyId()));
            return site;
        });
    }

    @Test
    void aSuccessIsOne() {
        browser.get(site.link(site.request()));
        assertNoted(0, "saml20");
        browser.get(federation(""));
        assertNoted(0, "wsFederation");
    }

    @Test
    void anUnmetContextIsNoSuccess() throws RefusedMessage {
        AuthnRequest plain = site.request();
        var asked = new AuthnRequest(
                plain.header(),
                plain.reply(),
                plain.replyIndex(),
                plain.protocolBinding(),
                false,
                true,
                plain.nameIdPolicy(),
                Optional.of(new AuthnRequest.RequestedContext("exact", List.of(AuthnContexts.SMARTCARD))),
                false);
        Answer told = browser.get(site.link(asked));
        assertTrue(SamlSite.status(told).startsWith("NoAuthnContext AADSTS75011"), SamlSite.status(told));
        assertNoted(75011, "saml20");
    }

    @Test
    void contextsThatTheSessionDoesNotMeetAreFoundBeforeTheSuccessIsNoted() throws RefusedMessage {
        byPasskey();
        AuthnRequest plain = site.request();
        var asked = new AuthnRequest(
                plain.header(),
                plain.reply(),
                plain.replyIndex(),
                plain.protocolBinding(),
                false,
                false,
                plain.nameIdPolicy(),
                Optional.of(new AuthnRequest.RequestedContext("exact", List.of(AuthnContexts.PASSWORD))),
                false);
        Answer told = browser.get(site.link(asked));
        assertTrue(SamlSite.status(told).startsWith("NoAuthnContext AADSTS75011"), SamlSite.status(told));
        assertNoted(75011, "saml20");
    }

    /// As if the session had begun so.
    private void byPasskey() {
        host.store.write(s -> {
            for (SessionStore.Row row : s.sessions().of(host.contoso.id(), host.simon.id())) {
                s.sessions().delete(row.tenant(), row.id());
                s.sessions()
                        .insert(new SessionStore.Row(
                                row.tenant(),
                                row.id(),
                                row.user(),
                                row.secretHash(),
                                row.authenticated(),
                                row.lastUsed(),
                                row.expires(),
                                row.persistent(),
                                row.address(),
                                row.userAgent(),
                                Set.of("hwk"),
                                row.mfa(),
                                row.device()));
            }
            return site;
        });
    }

    @Test
    void aMissingSigningCertificateIsNoSuccess() {
        removeCertificates();
        assertTrue(browser.get(site.link(site.request())).body().contains("AADSTS50146"));
        assertNoted(50146, "saml20");
        assertTrue(browser.get(federation("")).body().contains("AADSTS50146"));
        assertNoted(50146, "wsFederation");
    }

    @Test
    void faultsOfWsFederationAreNoted() {
        assertTrue(browser.get(federation("&wreply=" + Browser.encode("https://evil.example/")))
                .body()
                .contains("AADSTS50011"));
        assertNoted(50011, "wsFederation");
        host.store.write(s -> {
            s.samlSignOns()
                    .find(host.contoso.id(), site.application.appId())
                    .map(SamlSite::requiringSignatures)
                    .ifPresent(s.samlSignOns()::put);
            return site;
        });
        assertTrue(browser.get(federation("")).body().contains("AADSTS76021"));
        assertNoted(76021, "wsFederation");
        assertTrue(browser.get(site.link(site.request())).body().contains("AADSTS76021"));
        assertNoted(76021, "saml20");
    }

    @Test
    void aReplyUrlThatWentAwayWhileTheUserTypedIsNoted() {
        Browser other = host.browser();
        Answer form = other.get(site.link(site.request()));
        host.store.write(s -> {
            s.samlSignOns()
                    .find(host.contoso.id(), site.application.appId())
                    .map(SamlSite::withoutReplies)
                    .ifPresent(s.samlSignOns()::put);
            return site;
        });
        assertTrue(other.signIn(form, USER, PASSWORD).body().contains("AADSTS50011"));
        assertNoted(50011, "saml20");
    }
}
