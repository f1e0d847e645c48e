package io.postern.connector.kerberos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.kerberos.KerberosPrincipal;
import org.jspecify.annotations.Nullable;

/// The process's Kerberos configuration: what delegation needs, and then the file that the administrator keeps. The
/// JDK knows one only, by a system property.
final class KerberosConfiguration {
    private static final String PROPERTY = "java.security.krb5.conf";

    /// The files that the property names, and what they were made of: one pair is enough for the process's life.
    private record Installed(Path administrators, long timeoutMillis, Path file) {}

    private static @Nullable Installed installed; // guarded by the class

    private final Map<String, String> realms;

    private KerberosConfiguration(Map<String, String> realms) {
        this.realms = realms;
    }

    /// - Without `forwardable` no S4U ticket is good for anything.
    /// - A ticket with its groups does not fit into a datagram.
    /// - Java waits half a minute for a KDC, three times; a user's exchange is two questions.
    /// - The name of a service is what the application's settings say, not what DNS makes of it.
    static synchronized KerberosConfiguration install(KerberosSettings settings) {
        if (!Files.isReadable(settings.krb5Conf())) {
            throw new KerberosFault(
                    KerberosFault.Kind.NO_KDC,
                    settings.krb5Conf() + " does not exist, or cannot be read",
                    "name the file with your realms and their KDCs in 'kerberos.krb5-conf'");
        }
        Path administrators = settings.krb5Conf().toAbsolutePath();
        long timeoutMillis = settings.deadline().toMillis() / 2;
        Installed before = installed;
        if (before == null
                || !before.equals(new Installed(administrators, timeoutMillis, before.file()))
                || !Files.isReadable(before.file())) {
            before = new Installed(administrators, timeoutMillis, write(administrators, timeoutMillis));
            installed = before;
        }
        System.setProperty(PROPERTY, before.file().toString());
        return new KerberosConfiguration(settings.realms());
    }

    private static Path write(Path administrators, long timeoutMillis) {
        try {
            Path own = temporary("""
                    [libdefaults]
                      forwardable = true
                      udp_preference_limit = 1
                      dns_canonicalize_hostname = false
                      rdns = false
                      kdc_timeout = %d
                      max_retries = 1
                    """.formatted(timeoutMillis));
            return temporary("include " + own + "\ninclude " + administrators + "\n"); // the first word counts
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary file can be written for Kerberos' configuration", e);
        }
    }

    private static Path temporary(String text) throws IOException {
        Path file = Files.createTempFile("postern-krb5-", ".conf");
        file.toFile().deleteOnExit();
        return Files.writeString(file, text);
    }

    /// Of a user's name. Only what somebody has said counts: a suffix that leads nowhere must not lead to somebody
    /// of the same name in the default realm.
    Optional<String> realmOfSuffix(String suffix) {
        String said = realms.get(suffix.toLowerCase(Locale.ROOT));
        if (said != null) {
            return Optional.of(said);
        }
        return Optional.of(realmOfHost(suffix))
                .filter(realm -> realm.equalsIgnoreCase(suffix))
                .or(() -> Optional.of(realmOfHost("any." + suffix)).filter(realm -> realm.equalsIgnoreCase(suffix)));
    }

    /// As `domain_realm` says, else the default one.
    String realmOf(ServicePrincipal service) {
        return service.realm().orElseGet(() -> realmOfHost(service.host()));
    }

    String defaultRealm() {
        return new KerberosPrincipal("any").getRealm();
    }

    private static String realmOfHost(String host) {
        return new KerberosPrincipal("host/" + host, KerberosPrincipal.KRB_NT_SRV_HST).getRealm();
    }
}
