package io.postern.connector.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import io.postern.fixtures.LoginFormSite;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/// Sign-on through the forms of real applications (PWD-1, PWD-6), by real tunnels, with nothing said but the page.
class RealLoginFormsTest {
    private static final Map<Site, LoginFormSite> SITES = new EnumMap<>(Site.class);

    enum Site {
        DOKUWIKI,
        MEDIAWIKI,
        ADMINER
    }

    @BeforeAll
    static void start() {
        SITES.put(Site.DOKUWIKI, LoginFormSite.dokuWiki());
        SITES.put(Site.MEDIAWIKI, LoginFormSite.mediaWiki());
        SITES.put(Site.ADMINER, LoginFormSite.adminer());
    }

    @AfterAll
    static void stop() {
        SITES.values().forEach(LoginFormSite::close);
    }

    private static LoginFormSite site(Site which) {
        return Objects.requireNonNull(SITES.get(which));
    }

    private static FormRig rig(LoginFormSite site, String password) throws Exception {
        var rig = new FormRig(site.port(), LoginSettings.at(site.signOnPage()), password);
        rig.names = _ -> LoginFormSite.USER;
        return rig;
    }

    @ParameterizedTest
    @EnumSource
    void nobodyElseSeesWhatIsInside(Site which) throws Exception {
        LoginFormSite site = site(which);
        try (FormRig rig = rig(site, LoginFormSite.PASSWORD)) {
            TestStream answer = rig.withoutSignOn(site.inside());

            assertFalse(answer.body().contains(site.secret()), answer.body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRightPasswordLeadsInside(Site which) throws Exception {
        LoginFormSite site = site(which);
        long before = site.posts();
        try (FormRig rig = rig(site, LoginFormSite.PASSWORD)) {
            for (int i = 0; i < 3; i++) {
                TestStream answer = rig.get(site.inside());

                assertEquals(200, answer.status(), answer.reason() + site.log());
                assertTrue(answer.body().contains(site.secret()), answer.body());
            }
        }
        assertEquals(before + 1, site.posts(), site.log());
    }

    @ParameterizedTest
    @EnumSource
    void aWrongPasswordIsToldAndNotRepeated(Site which) throws Exception {
        LoginFormSite site = site(which);
        long before = site.posts();
        try (FormRig rig = rig(site, "wrong-Battery-9")) {
            for (int i = 0; i < 3; i++) {
                TestStream answer = rig.get(site.inside());

                assertEquals("sign-on-user", answer.failure(), answer.reason() + site.log());
            }
        }
        assertEquals(before + 1, site.posts(), site.log());
    }

    @ParameterizedTest
    @EnumSource
    void aSessionThatTheApplicationLostIsBegunAgain(Site which) throws Exception {
        LoginFormSite site = site(which);
        try (FormRig rig = rig(site, LoginFormSite.PASSWORD)) {
            rig.get(site.inside());
            site.forgetSessions();
            rig.clock.advance(LoginSession.CERTAIN);

            TestStream answer = rig.get(site.inside());

            assertEquals(200, answer.status(), answer.reason() + site.log());
            assertTrue(answer.body().contains(site.secret()), answer.body());
        }
    }

    @Test
    void redirectsBetweenPagesOfOnePathAreTheUsers() throws Exception {
        LoginFormSite site = site(Site.MEDIAWIKI);
        long before = site.posts();
        try (FormRig rig = rig(site, LoginFormSite.PASSWORD)) {
            TestStream answer = rig.get("/index.php"); // as the page with the form, but for its query

            assertEquals(301, answer.status());
        }
        assertEquals(before + 1, site.posts(), site.log());
    }

    private static FormRig endingRig(LoginFormSite site) throws Exception {
        FormRig rig = rig(site, LoginFormSite.PASSWORD);
        rig.settings = new LoginSettings(
                site.signOnPage(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                LoginProof.FORM_IS_GONE,
                Optional.of(site.signOutPage()));
        return rig;
    }

    @ParameterizedTest
    @EnumSource(names = {"DOKUWIKI", "ADMINER"})
    void aSessionThatNobodyUsesIsEndedThere(Site which) throws Exception {
        LoginFormSite site = site(which);
        site.forgetSessions();
        try (FormRig rig = endingRig(site)) {
            rig.get(site.inside());
            assertTrue(site.knowsSomebody(), site.log());
            rig.clock.advance(LoginSessions.IDLE.plusSeconds(1));

            rig.form().sweep();

            TunnelRig.await(() -> !site.knowsSomebody());
        }
    }

    @Test
    void whereTheSignOutAsksWhetherItIsMeantTheAnswerIsYes() throws Exception {
        LoginFormSite site = site(Site.MEDIAWIKI);
        try (FormRig rig = endingRig(site)) {
            rig.get(site.inside());
            String cookies = site.lastCookies();
            assertTrue(rig.withoutSignOn(site.inside(), cookies).body().contains(site.secret()), cookies);
            long before = signOuts(site);
            rig.clock.advance(LoginSessions.IDLE.plusSeconds(1));

            rig.form().sweep();

            TunnelRig.await(() -> signOuts(site) > before);
            assertFalse(rig.withoutSignOn(site.inside(), cookies).body().contains(site.secret()), site.log());
        }
    }

    private static long signOuts(LoginFormSite site) {
        return site.log()
                .lines()
                .filter(line -> line.startsWith("POST /index.php/Special:UserLogout"))
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void anAdministratorSeesEachStepAndNoValue(Site which) throws Exception {
        LoginFormSite site = site(which);
        try (FormRig rig = endingRig(site)) {
            List<LoginStep> steps = rig.check("app-1");

            assertEquals("sign-out", steps.getLast().name(), steps.toString());
            assertTrue(steps.stream().noneMatch(step -> step.state() == LoginStep.State.FAILED), steps.toString());
            String all = steps.toString();
            assertFalse(all.contains(LoginFormSite.PASSWORD), all);
            assertTrue(site.sessionIds().stream().noneMatch(all::contains), all);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noPasswordAndNoCookieIsInAnyLog(Site which) throws Exception {
        LoginFormSite site = site(which);
        var said = new ListAppender<ILoggingEvent>();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        said.start();
        root.addAppender(said);
        root.setLevel(Level.TRACE);
        Set<String> secrets = new HashSet<>();
        try (FormRig right = rig(site, LoginFormSite.PASSWORD);
                FormRig wrong = rig(site, "wrong-Battery-9")) {
            assertEquals(200, right.get(site.inside()).status());
            assertEquals(403, wrong.get(site.inside()).status());
            secrets.addAll(site.sessionIds());
        } finally {
            root.setLevel(before);
            root.detachAppender(said);
        }
        secrets.add("-Battery");
        assertTrue(
                said.list.stream().anyMatch(line -> line.getFormattedMessage().contains("sign-in did not work")),
                "it was listened at all: " + said.list);
        for (ILoggingEvent line : said.list) {
            String text = line.getFormattedMessage() + line.getKeyValuePairs() + line.getThrowableProxy();
            assertEquals(Set.of(), secrets.stream().filter(text::contains).collect(Collectors.toSet()), text);
        }
    }
}
