package io.postern.identity;

import static io.postern.identity.FakeOpenIdProvider.claims;
import static io.postern.identity.FakeOpenIdProvider.question;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.GroupId;
import io.postern.domain.federation.GroupRule;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import io.postern.identity.Browser.Answer;
import io.postern.identity.protocol.Opaque;
import io.postern.store.Group;
import io.postern.store.LogEntry;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.RoleStore;
import io.postern.store.SessionStore;
import io.postern.store.User;
import io.postern.token.ClientAssertion;
import io.postern.token.JwtVerifier;
import io.postern.token.SigningJwk;
import io.postern.web.Parameters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Sign-in at an upstream OpenID Provider: who gets in as whom, and who does not.
class OidcUpstreamTest extends OneUpstreamSite {
    @Test
    void aNewcomerBecomesAGuestAndComesBackAsTheSame() {
        Answer away = leave();
        Parameters asked = question(away);
        assertEquals("code", asked.oneOrEmpty("response_type"));
        assertEquals("S256", asked.oneOrEmpty("code_challenge_method"));
        assertEquals("openid profile email", asked.oneOrEmpty("scope"));
        Answer back = browser.staysNot(
                browser.get(upstream.answer(asked, host.clock.instant(), claims("sub-1", "Alice@partner.example"))));

        User alice = signedIn(back);
        assertEquals("alice_partner.example#ext#@contoso.example", alice.userPrincipalName());
        assertEquals("Alice Arden", alice.displayName());
        assertEquals("Guest", alice.attributes().userType());
        assertEquals(Optional.empty(), alice.passwordHash());
        Parameters form = upstream.redeemed.getFirst();
        assertEquals(asked.oneOrEmpty("code_challenge"), Opaque.challenge(form.oneOrEmpty("code_verifier")));
        assertEquals(
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString("postern:s3cret+%26+more".getBytes(StandardCharsets.UTF_8)),
                upstream.authorizations.getFirst());

        browser = host.browser();
        assertEquals(
                alice.id(),
                signedIn(arrive(claims("sub-1", "renamed@partner.example"))).id());
        browser = host.browser();
        host.clock.advance(Duration.ofSeconds(1));
        assertEquals(
                "alice_partner.example#ext#@contoso.example",
                signedIn(arrive(claims("sub-1", ""))).userPrincipalName());
    }

    @Test
    void theProviderOfTheDomainSignsItsUsersIn() {
        with(Newcomers.REFUSED, false, "contoso.example");
        Answer page = browser.get(link().toString());
        Answer away = browser.submit(page, Map.of("username", "B.Simon@contoso.example"));
        assertEquals("B.Simon@contoso.example", question(away).oneOrEmpty("login_hint"));

        Answer back = browser.staysNot(browser.get(
                upstream.answer(question(away), host.clock.instant(), claims("sub-7", "b.simon@contoso.example"))));

        assertEquals(host.simon.id(), signedIn(back).id());
        browser = host.browser();
        refused(arrive(claims("sub-8", "b.simon@contoso.example")), 50020);
        refused(arrive(claims("sub-9", "nobody@contoso.example")), 50020);
    }

    @Test
    void anAdministratorIsNotTakenByHisName() {
        with(Newcomers.MEMBERS, true, "contoso.example");
        host.store.write(s -> {
            s.roles().grant(host.contoso.id(), host.simon.id().value(), RoleStore.GLOBAL_ADMINISTRATOR);
            return true;
        });

        refused(arrive(claims("sub-7", "b.simon@contoso.example")), 50020);
        assertEquals(List.of(), linked(host.simon));
    }

    @Test
    void whoeverDoesNotSpeakForADomainMakesNobodyOfIt() {
        with(Newcomers.MEMBERS, false);

        User made = signedIn(arrive(claims("evil", "b.simon@contoso.example")));

        assertEquals("b.simon_contoso.example#ext#@contoso.example", made.userPrincipalName());
        assertEquals(List.of(), linked(host.simon));
    }

    @Test
    void anAddressOfOursIsNotBelievedOfStrangers() {
        var said = claims("s", "eve@partner.example");
        said.put("email", "ceo@contoso.example");
        said.put("email_verified", true);

        assertEquals(Optional.empty(), signedIn(arrive(said)).mail());
        said.put("email", "eve@partner.example");
        browser = host.browser();
        host.clock.advance(Duration.ofSeconds(1));
        assertEquals(Optional.of("eve@partner.example"), signedIn(arrive(said)).mail());
    }

    @Test
    void aDisabledAccountStaysOut() {
        User alice = signedIn(arrive(claims("sub-1", "alice@partner.example")));
        host.setEnabled(alice, false);
        browser = host.browser();

        refused(arrive(claims("sub-1", "alice@partner.example")), 50057);
    }

    @Test
    void groupsFollowTheUpstream() {
        var staff = new Group(host.contoso.id(), GroupId.random(), "Staff", Optional.empty(), host.clock.instant());
        var other = new Group(host.contoso.id(), GroupId.random(), "Other", Optional.empty(), host.clock.instant());
        host.store.write(s -> {
            s.groups().insert(staff);
            s.groups().insert(other);
            return true;
        });
        register(p -> new IdentityProvider(
                p.tenant(),
                p.id(),
                p.displayName(),
                true,
                true,
                p.domains(),
                p.hint(),
                p.upstream(),
                p.newcomers(),
                false,
                true,
                p.claims(),
                List.of(new GroupRule("employees", staff.id()), new GroupRule("x", GroupId.random()))));
        var said = claims("sub-1", "alice@partner.example");
        said.put("groups", List.of("employees", "Other"));

        User alice = signedIn(arrive(said));
        assertEquals(List.of(staff.id()), groups(alice));
        host.store.write(s -> s.groups().addMember(host.contoso.id(), other.id(), alice.id()));
        said.put("groups", List.of());
        browser = host.browser();
        host.clock.advance(Duration.ofSeconds(1));
        signedIn(arrive(said));
        assertEquals(List.of(other.id()), groups(alice));
    }

    private List<GroupId> groups(User user) {
        return host.store.read(s -> s.groups().groupsOf(user.tenant(), user.id()));
    }

    @Test
    void aSecondFactorThereCountsOnlyWhereItIsTrusted() {
        var said = claims("sub-1", "alice@partner.example");
        said.put("amr", List.of("pwd", "mfa"));
        User alice = signedIn(arrive(said));
        assertEquals(Set.of("fed"), session(alice).methods());

        with(Newcomers.GUESTS, true);
        browser = host.browser();
        host.clock.advance(Duration.ofSeconds(1));
        signedIn(arrive(said));
        assertTrue(host.store.read(s -> s.sessions().of(alice.tenant(), alice.id())).stream()
                .anyMatch(row -> row.mfa().isPresent() && row.methods().equals(Set.of("fed", "mfa"))));
    }

    private SessionStore.Row session(User user) {
        return host.store.read(s -> s.sessions().of(user.tenant(), user.id())).getLast();
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(
                Arguments.of("another issuer", Map.of("iss", "https://evil.example")),
                Arguments.of("another audience", Map.of("aud", "somebody")),
                Arguments.of("several audiences without azp", Map.of("aud", List.of("postern", "somebody"))),
                Arguments.of("issued to another", Map.of("azp", "somebody")),
                Arguments.of("another nonce", Map.of("nonce", "n")),
                Arguments.of("no nonce", Map.of("nonce", "")),
                Arguments.of("no subject", Map.of("sub", "")),
                Arguments.of("expired", Map.of("exp", 0L)),
                Arguments.of("no expiry", Map.of("exp", "")),
                Arguments.of("from the future", Map.of("iat", 4_000_000_000L)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void aTokenThatIsNotTheAnswerIsRefused(String name, Map<String, Object> wrong) {
        var said = new LinkedHashMap<>(claims("sub-1", "alice@partner.example"));
        said.putAll(wrong);

        refused(arrive(said), 50008);
        assertEquals(
                1,
                host.store.read(s -> s.users().list(host.contoso.id(), "", 10)).size(),
                name);
    }

    @Test
    void nobodyElseSignsForTheUpstream() {
        upstream.forgery = token -> {
            String[] parts = token.split("\\.");
            return parts[0] + "." + parts[1] + "." + parts[2].substring(0, 20) + "AAAA" + parts[2].substring(24);
        };
        refused(arrive(claims("sub-1", "alice@partner.example")), 50008);
        upstream.forgery = token -> Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII))
                + "." + token.split("\\.")[1] + ".";
        refused(arrive(claims("sub-1", "alice@partner.example")), 50008);
    }

    @Test
    void keysThatChangeAreFetchedButNotForEveryForgery() {
        signedIn(arrive(claims("sub-1", "alice@partner.example")));
        SigningJwk next = SigningJwk.generate();
        upstream.published = List.of(upstream.signing, next);
        upstream.signing = next;
        host.clock.advance(Duration.ofMinutes(2));
        browser = host.browser();

        signedIn(arrive(claims("sub-1", "alice@partner.example")));
        assertEquals(2, keysAsked());
        upstream.signing = SigningJwk.generate();
        for (int i = 0; i < 5; i++) {
            browser = host.browser();
            refused(arrive(claims("sub-1", "alice@partner.example")), 50008);
        }
        assertEquals(2, keysAsked());
    }

    private long keysAsked() {
        return upstream.asked.stream().filter("/keys"::equals).count();
    }

    @Test
    void anUpstreamThatIsGoneIsBelievedWhatItSaidLastAndNeverSomebodyElse() {
        signedIn(arrive(claims("sub-1", "alice@partner.example")));
        upstream.discovery.put("issuer", "https://evil.example");
        host.clock.advance(Duration.ofDays(2));
        browser = host.browser();

        signedIn(arrive(claims("sub-1", "alice@partner.example")));
    }

    @Test
    void anUpstreamThatCannotBeAskedIsToldOnThePage() {
        upstream.discovery.put("issuer", "https://evil.example");
        Answer page = browser.get(link().toString());

        Answer answer = browser.submit(page, Map.of("provider", provider.id().value()));

        assertEquals(503, answer.status());
        refused(answer, 90033);
        assertTrue(answer.body().contains("Partner Login cannot be reached"));
    }

    @Test
    void theAnswerCountsInTheBrowserThatAskedOnceAndInTime() {
        Parameters asked = question(leave());
        String path = upstream.answer(asked, host.clock.instant(), claims("sub-1", "alice@partner.example"));
        refused(host.browser().get(path), 50089);
        refused(browser.get(path.replaceAll("state=.*", "state=other")), 50089);
        var cookies = new LinkedHashMap<>(browser.cookies);
        signedIn(browser.staysNot(browser.get(path)));

        browser.cookies.putAll(cookies);
        refused(browser.get(path), 50089);

        browser = host.browser();
        String late = upstream.answer(question(leave()), host.clock.instant(), claims("sub-1", "a@partner.example"));
        host.clock.advance(Duration.ofMinutes(11));
        refused(browser.get(late), 50089);
    }

    @Test
    void anotherProvidersAnswerIsNotTaken() {
        Parameters asked = question(leave());
        IdentityProvider first = provider;
        IdentityProvider second = store(fresh());
        String path = upstream.answer(asked, host.clock.instant(), claims("sub-1", "alice@partner.example"));

        refused(browser.get(path.replace(first.id().value(), second.id().value())), 50089);
    }

    @Test
    void anAnswerOfAnotherIssuerIsNotRedeemed() {
        String path =
                upstream.answer(question(leave()), host.clock.instant(), claims("sub-1", "alice@partner.example"));

        refused(browser.get(path + "&iss=https%3A%2F%2Fevil.example"), 50008);
        assertEquals(List.of(), upstream.redeemed);
    }

    @Test
    void whoDeclinesThereMayTryAnotherWay() {
        Answer answer = browser.get(FakeOpenIdProvider.back(question(leave()), "error", "access_denied"));

        refused(answer, 50126);
        assertTrue(answer.body().contains("name=\"username\""));
        assertTrue(browser.signIn(answer, "b.simon@contoso.example", LoginHost.PASSWORD)
                .parameter("code")
                .isPresent());
    }

    @Test
    void anewMeansAnewThereToo() {
        signedIn(arrive(claims("sub-1", "alice@partner.example")));
        Answer away = browser.get(link().with("prompt", "login").toString());
        Parameters asked = question(away);
        assertEquals("login", asked.oneOrEmpty("prompt"));
        assertEquals("0", asked.oneOrEmpty("max_age"));
        var said = claims("sub-1", "alice@partner.example");
        refused(browser.get(upstream.answer(asked, host.clock.instant(), said)), 50133);

        said.put("auth_time", Date.from(host.clock.instant().minusSeconds(600)));
        Answer again = browser.get(link().with("prompt", "login").toString());
        refused(browser.get(upstream.answer(question(again), host.clock.instant(), said)), 50133);
        said.put("auth_time", Date.from(host.clock.instant()));
        Answer last = browser.get(link().with("prompt", "login").toString());
        signedIn(browser.staysNot(browser.get(upstream.answer(question(last), host.clock.instant(), said))));
    }

    @Test
    void theApplicationsHintLeadsThereAtOnceAndNobodyIsAskedInSilence() {
        assertEquals(
                303,
                browser.get(link().with("domain_hint", "partner").toString()).status());
        assertEquals(
                200, browser.get(link().with("domain_hint", "other").toString()).status());
        assertEquals(
                Optional.of("login_required"),
                browser.get(link().with("domain_hint", "partner")
                                .with("prompt", "none")
                                .toString())
                        .parameter("error"));
    }

    @Test
    void aPasswordStaysPossibleForWhoHasOne() {
        with(Newcomers.REFUSED, false, "contoso.example");
        Answer page = browser.get(link().toString());
        assertTrue(page.body().contains("Sign in with a password here"), page.body());
        Answer password = browser.submit(page, Map.of("username", "b.simon@contoso.example", "other", "password"));
        assertEquals(200, password.status());

        assertTrue(browser.signIn(password, "b.simon@contoso.example", LoginHost.PASSWORD)
                .parameter("code")
                .isPresent());
    }

    @Test
    void provesItselfByTheTenantsKey() {
        register(p -> new IdentityProvider(
                p.tenant(),
                p.id(),
                p.displayName(),
                true,
                true,
                p.domains(),
                p.hint(),
                new Upstream.Oidc(upstream.issuer(), "postern", Upstream.ClientProof.PRIVATE_KEY, Upstream.Oidc.SCOPES),
                p.newcomers(),
                false,
                true,
                p.claims(),
                p.groups()));
        signedIn(arrive(claims("sub-1", "alice@partner.example")));

        String assertion = upstream.redeemed.getFirst().oneOrEmpty("client_assertion");
        assertEquals("postern", ClientAssertion.claimedClient(assertion));
        assertEquals("null", upstream.authorizations.getFirst());
        var ours = new JwtVerifier(List.of(new JwtVerifier.TrustedKey(
                host.signingKey(host.contoso).keyId(),
                "postern",
                host.signingKey(host.contoso).publicJson())));
        assertTrue(
                ours.verify(assertion, Set.of(upstream.issuer() + "/token"), host.clock.instant())
                        instanceof JwtVerifier.Result.Valid);
    }

    @Test
    void theSessionThereEndsWithTheOneHere() {
        User alice = signedIn(arrive(claims("sub-1", "alice@partner.example")));
        Answer out = browser.signOut("/contoso/oauth2/v2.0/logout");

        assertEquals(303, out.status(), out.body());
        assertTrue(out.location().orElse("").startsWith(upstream.issuer() + "/logout?id_token_hint="), out.toString());
        assertFalse(host.store.read(s -> s.sessions().of(alice.tenant(), alice.id())).stream()
                .findAny()
                .isPresent());
        String back = "/" + host.contoso.id() + "/federation/" + provider.id() + "/signed-out?state="
                + question(out).oneOrEmpty("state");
        assertTrue(browser.get(back).body().contains("signed out"));
    }

    @Test
    void aSignedInUserLinksHisAccountAndTakesTheLinkAwayAgain() {
        browser.signIn(browser.get(link().toString()), "b.simon@contoso.example", LoginHost.PASSWORD);
        Answer page = browser.get("/contoso/linked-accounts");
        Map<String, String> pressed = Map.of("provider", provider.id().value(), "do", "link");
        Parameters asked = question(browser.submit(page, pressed));
        var said = claims("sub-1", "anything@elsewhere.example");
        said.put("auth_time", Date.from(host.clock.instant()));
        String back = upstream.answer(asked, host.clock.instant(), said);
        refused(host.browser().get(back), 50089);
        assertEquals(303, browser.get(back).status());
        assertEquals(List.of(host.simon.id()), linked(host.simon));

        Browser other = browser;
        browser = host.browser();
        host.clock.advance(Duration.ofSeconds(1));
        assertEquals(host.simon.id(), signedIn(arrive(said)).id());

        Answer gone = other.submit(
                other.get("/contoso/linked-accounts"),
                Map.of("provider", provider.id().value(), "do", "unlink"));
        assertTrue(gone.body().contains("was removed"), gone.body());
        assertEquals(List.of(), linked(host.simon));
    }

    @Test
    void nobodyLinksWhoSignedInLongAgoOrOutMeanwhileOrWhatIsSomebodyElses() {
        signedIn(arrive(claims("sub-1", "alice@partner.example")));
        browser = host.browser();
        browser.signIn(browser.get(link().toString()), "b.simon@contoso.example", LoginHost.PASSWORD);
        Map<String, String> pressed = Map.of("provider", provider.id().value(), "do", "link");
        var said = claims("sub-1", "alice@partner.example");
        said.put("auth_time", Date.from(host.clock.instant()));
        Answer away = browser.submit(browser.get("/contoso/linked-accounts"), pressed);
        refused(browser.get(upstream.answer(question(away), host.clock.instant(), said)), 50020);

        said.put("sub", "sub-2");
        Answer again = browser.submit(browser.get("/contoso/linked-accounts"), pressed);
        browser.signOut("/contoso/oauth2/v2.0/logout");
        refused(browser.get(upstream.answer(question(again), host.clock.instant(), said)), 50089);
        assertEquals(List.of(), linked(host.simon));

        browser.signIn(browser.get(link().toString()), "b.simon@contoso.example", LoginHost.PASSWORD);
        host.clock.advance(Duration.ofHours(1));
        assertEquals(303, browser.get("/contoso/linked-accounts").status());
    }

    @Test
    void theLogTellsTheHomeRealm() {
        signedIn(arrive(claims("sub-1", "alice@partner.example")));
        refused(host.browser().get("/contoso/federation/" + provider.id() + "/callback?state=x&code=y"), 50089);
        browser = host.browser();
        refused(arrive(claims("", "")), 50008);

        List<LogEntry> told =
                host.store.read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(2)));
        assertEquals(2, told.size());
        assertTrue(
                told.stream().allMatch(entry -> entry.toString().contains("Home realm: Partner Login")),
                told.toString());
    }
}
