package io.postern.connector.kerberos;

import io.postern.base.config.ConfigReader;
import io.postern.connector.kerberos.Delegated.Mechanism;
import io.postern.fixtures.SambaDomain;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import javax.security.auth.Subject;
import javax.security.auth.kerberos.KerberosTicket;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;

/// `bin/bench kerberos [USERS]`: how fast tickets are, beside the plainest code that gets them from the same
/// KDC in the same run, how much memory they take, and what a request costs more for one.
final class KerberosFigures {
    private static final ServicePrincipal APP = ServicePrincipal.of("HTTP/app.corp.test");

    private KerberosFigures() {}

    public static void main(String[] args) throws Exception {
        int users = Math.max(1_000, args.length == 0 ? 0 : Integer.parseInt(args[0]));
        try (SambaDomain domain = SambaDomain.startKdc(users)) {
            FirstRequestFigures.print(domain, 300);
            Path keytab = domain.keytab("svc-connector");
            Files.setPosixFilePermissions(keytab, PosixFilePermissions.fromString("rw-------"));
            ConfigReader config =
                    ConfigReader.of("connector.yaml", """
                    kerberos:
                      keytab: %s
                      principal: svc-connector@CORP.TEST
                      krb5-conf: %s
                      queue: 10000
                      deadline: 20s
                      cache-size: %d
                    """.formatted(keytab, domain.krb5Conf(domain.kdc()), users));
            KerberosSettings settings = KerberosSettings.read(config).orElseThrow();
            var metrics = new KerberosMetrics(new PrometheusRegistry());
            try (var desk = new TicketDesk(settings, metrics, InstantSource.system())) {
                int some = Math.min(users / 2, 500);
                desk(desk, 1, some / 5); // warm
                plain(settings, desk, some / 5);
                System.out.printf("plain code: %.0f users/s%n", plain(settings, desk, some));
                System.out.printf("desk:       %.0f users/s%n", desk(desk, some + 1, some));
                System.out.printf("plain code: %.0f users/s%n", plain(settings, desk, some));
                cached(desk, some + 1);
                System.gc();
                long before = used();
                long kept = (long) metrics.cached.get();
                for (int i = 1; i <= users; i += 100) {
                    desk(desk, i, Math.min(100, users - i + 1));
                }
                System.gc();
                long more = (long) metrics.cached.get() - kept;
                System.out.printf("memory: %.1f KiB for each of %d tickets%n", (used() - before) / 1024.0 / more, more);
            }
        }
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static TicketDesk.Key key(int user) {
        return new TicketDesk.Key("bulk%05d".formatted(user), APP);
    }

    private static double desk(TicketDesk desk, int first, int count) {
        long begun = System.nanoTime();
        List<CompletableFuture<Delegated>> all = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            all.add(desk.ticket(key(i)));
        }
        all.forEach(each -> each.join().token(Mechanism.NEGOTIATED, false, desk.faults()));
        return count / ((System.nanoTime() - begun) / 1e9);
    }

    private static void cached(TicketDesk desk, int user) {
        int rounds = 2_000;
        long begun = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            desk.ticket(key(user)).join().token(Mechanism.NEGOTIATED, false, desk.faults());
        }
        System.out.printf("known user: %.3f ms a token%n", (System.nanoTime() - begun) / 1e6 / rounds);
    }

    /// One sign-in, eight at a time, nothing kept.
    private static double plain(KerberosSettings settings, TicketDesk desk, int count) throws Exception {
        var connector = new Subject();
        new LoginContext("plain", connector, null, login(settings)).login();
        var places = new Semaphore(8);
        long begun = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 1; i <= count; i++) {
                String user = "bulk%05d@CORP.TEST".formatted(i);
                var own = new Subject(
                        false,
                        connector.getPrincipals(),
                        Set.of(),
                        new HashSet<>(connector.getPrivateCredentials(KerberosTicket.class)));
                threads.submit(() -> {
                    places.acquireUninterruptibly();
                    try {
                        return Delegated.get(own, user, "HTTP/app.corp.test@CORP.TEST", desk.faults())
                                .token(Mechanism.NEGOTIATED, false, desk.faults());
                    } finally {
                        places.release();
                    }
                });
            }
        }
        return count / ((System.nanoTime() - begun) / 1e9);
    }

    private static Configuration login(KerberosSettings settings) {
        return new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(
                            "com.sun.security.auth.module.Krb5LoginModule",
                            LoginModuleControlFlag.REQUIRED,
                            Map.of(
                                    "useKeyTab",
                                    "true",
                                    "keyTab",
                                    settings.keytab().toString(),
                                    "principal",
                                    settings.principal(),
                                    "doNotPrompt",
                                    "true",
                                    "isInitiator",
                                    "true"))
                };
            }
        };
    }
}
