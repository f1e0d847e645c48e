package io.postern.connector.kerberos;

import io.postern.connector.kerberos.FaultReading.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connector's own sign-in with its keytab. Nobody renews a ticket-granting ticket for us: a new one is got, in
/// the background, when three quarters of it have gone, and is waited for when it is almost over (KDCs refuse
/// one in its last minutes). Any virtual thread.
final class ConnectorLogin {
    private static final Logger LOG = LoggerFactory.getLogger("connector.kerberos");
    private static final Duration LAST = Duration.ofMinutes(5);

    private record Login(Subject subject, Instant renewFrom, Instant usableUntil) {}

    private final KerberosSettings settings;
    private final FaultReading faults;
    private final KerberosMetrics metrics;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Login current;

    ConnectorLogin(KerberosSettings settings, FaultReading faults, KerberosMetrics metrics, InstantSource clock) {
        this.settings = settings;
        this.faults = faults;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Waits where there is none.
    ///
    /// @throws KerberosFault when the connector cannot sign in
    Subject subject() throws InterruptedException {
        Login known = current;
        Instant now = clock.instant();
        if (known != null && now.isBefore(known.usableUntil())) {
            if (!now.isBefore(known.renewFrom()) && !lock.isLocked()) {
                Thread.ofVirtual().name("kerberos-login").start(this::renew);
            }
            return known.subject();
        }
        lock.lockInterruptibly();
        try {
            known = current;
            if (known == null || !clock.instant().isBefore(known.usableUntil())) {
                known = login();
            }
            return known.subject();
        } finally {
            lock.unlock();
        }
    }

    /// The KDC does not take it any more, whatever its end says.
    @SuppressWarnings("ReferenceEquality") // equal ones differ in their tickets
    void forget(Subject refused) {
        Login known = current;
        if (known != null && known.subject() == refused) {
            current = null;
        }
    }

    private void renew() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            Login known = current;
            if (known != null && !clock.instant().isBefore(known.renewFrom())) {
                login();
            }
        } catch (KerberosFault e) { // the one that there is does for a while
            LOG.atWarn()
                    .addKeyValue("event", e.kind().event())
                    .addKeyValue("remedy", e.remedy())
                    .log("the connector's Kerberos sign-in was not renewed: {}", e.message());
        } finally {
            lock.unlock();
        }
    }

    private Login login() {
        var subject = new Subject();
        try {
            KerberosSettings.check(settings.keytab());
            new LoginContext("connector", subject, null, new KeytabLogin(settings)).login();
        } catch (IllegalArgumentException e) {
            metrics.logins.labelValues("failed").inc();
            throw new KerberosFault(
                    KerberosFault.Kind.KEYTAB, String.valueOf(e.getMessage()), "name it in 'kerberos.keytab'", e);
        } catch (LoginException e) {
            metrics.logins.labelValues("failed").inc();
            throw faults.of(e, Stage.LOGIN, settings.principal(), "");
        }
        metrics.logins.labelValues("done").inc();
        Instant now = clock.instant();
        Instant end = subject.getPrivateCredentials(KerberosTicket.class).stream()
                .map(ticket -> ticket.getEndTime().toInstant())
                .max(Comparator.naturalOrder())
                .orElse(now);
        Duration life = Duration.between(now, end);
        var login = new Login(subject, now.plus(life.multipliedBy(3).dividedBy(4)), end.minus(LAST));
        current = login;
        LOG.atInfo()
                .addKeyValue("principal", settings.principal())
                .addKeyValue("until", end)
                .log("signed in to Kerberos");
        return login;
    }

    /// What `jaas.conf` would say. The realms' file is read again: somebody may have corrected it.
    private static final class KeytabLogin extends Configuration {
        private final Map<String, String> options;

        private KeytabLogin(KerberosSettings settings) {
            options = Map.of(
                    "useKeyTab", "true",
                    "keyTab", settings.keytab().toAbsolutePath().toString(),
                    "principal", settings.principal(),
                    "doNotPrompt", "true",
                    "isInitiator", "true",
                    "refreshKrb5Config", "true");
        }

        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return new AppConfigurationEntry[] {
                new AppConfigurationEntry(
                        "com.sun.security.auth.module.Krb5LoginModule", LoginModuleControlFlag.REQUIRED, options)
            };
        }
    }
}
