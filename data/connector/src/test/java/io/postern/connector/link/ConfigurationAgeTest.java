package io.postern.connector.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.postern.base.HostPort;
import io.postern.connector.serve.TunnelRig;
import io.postern.fixtures.FakeClock;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.TestCertificates;
import io.postern.net.DeafListener;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.WindowBudget;
import io.postern.net.dial.Dialler;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.dial.DialSettings;
import io.postern.tunnel.dial.TunnelDialer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Event 12000: the configuration could not be checked for an hour.
class ConfigurationAgeTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

    private static Instant after(int minutes) {
        return START.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void isToldAfterAnHourWithoutATunnelAndOnceAnHourFromThen() {
        var age = new ConfigurationAge(START);

        assertFalse(age.tick(after(59), false));
        assertTrue(age.tick(after(60), false));
        assertFalse(age.tick(after(61), false));
        assertFalse(age.tick(after(119), false));
        assertTrue(age.tick(after(120), false));
        assertEquals(Duration.ofHours(2), age.at(after(120)));
    }

    @Test
    void aTunnelBeginsTheHourAnew() {
        var age = new ConfigurationAge(START);

        assertFalse(age.tick(after(50), true));
        assertFalse(age.tick(after(109), false));
        assertTrue(age.tick(after(110), false));
        assertFalse(age.tick(after(500), true));
        assertFalse(age.tick(after(559), false));
    }

    @Test
    void aClockThatIsSetBackTellsNothing() {
        var age = new ConfigurationAge(START);

        assertFalse(age.tick(START.minus(Duration.ofDays(3)), false));
        assertFalse(age.tick(START.minus(Duration.ofDays(3)).plus(Duration.ofMinutes(59)), false));
    }

    @Test
    void aConnectorWhoseServiceIsGoneTellsItInItsLog() throws Exception {
        var said = new ListAppender<ILoggingEvent>();
        var logger = (Logger) LoggerFactory.getLogger("connector.link");
        said.start();
        logger.addAppender(said);
        var clock = new FakeClock(START);
        Loops loops = Loops.open("connector", 1);
        var names = new LocalNames();
        var dialer = new TunnelDialer(
                DialSettings.DEFAULT,
                new Dialler(loops, names, ProxyChoice.none()),
                WindowBudget.ofProcess(),
                () -> new HelloAnswer(1, "test", "machine", "os", START, Optional.empty(), false),
                (tunnel, stream) -> DeafListener.INSTANCE);
        var nobody = new HostPort("127.0.0.1", FreePort.find());
        var tls = TlsContexts.client(
                PinnedAuthority.of(TestCertificates.authority("connectors").authority()), TunnelProtocol.ALPN);
        try {
            var link = new Link(loops, dialer, List.of(nobody), tls, 1, new Random(7), clock);
            link.start();
            TunnelRig.await(() -> !link.status().problem().isEmpty());

            clock.advance(ConfigurationAge.LIMIT);

            TunnelRig.await(() -> said.list.stream().anyMatch(ConfigurationAgeTest::isTheEvent));
            link.stop(Duration.ZERO).get(10, TimeUnit.SECONDS);
        } finally {
            logger.detachAppender(said);
            loops.close(Duration.ZERO).awaitUninterruptibly();
        }
    }

    private static boolean isTheEvent(ILoggingEvent line) {
        return line.getKeyValuePairs() != null
                && line.getKeyValuePairs().stream()
                        .anyMatch(pair -> pair.key.equals("event")
                                && String.valueOf(pair.value).equals("12000"))
                && line.getFormattedMessage().contains("has not been checked");
    }
}
