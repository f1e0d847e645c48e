package io.postern.connector.kerberos;

import io.postern.base.config.ConfigReader;
import io.postern.connector.directory.DirectorySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Section `kerberos` of `connector.yaml`: with which account tickets are got for users (docs/guide/kerberos.md).
///
/// | key | default | bounds | meaning |
/// |---|---|---|---|
/// | `keytab` | required | path, mode 600 | keys of the connector's account |
/// | `principal` | required | `ACCOUNT`, `ACCOUNT@REALM`, `SERVICE/HOST@REALM` | that account; the last only
/// where the SPN is the account's user principal name too, as users of other realms need it (KCD-13) |
/// | `krb5-conf` | /etc/krb5.conf | path | realms and their KDCs; what delegation needs besides is set for it |
/// | `allow` | absent: all that the KDC allows | list of `SERVICE/HOST`, `SERVICE/*.DOMAIN` | services that tickets
/// are got for |
/// | `realms` | none | list of `SUFFIX=REALM` | realms of user names whose suffix is no realm |
/// | `ldap` | absent | a section: `urls`, `start-tls`, `trust`, `bind-dn`, `password-file` as in [DirectorySettings] |
/// where accounts are looked up; a global catalog for a forest of several domains |
/// | `cache-size` | 10000 | 1 to 200000 | tickets kept at most |
/// | `cache-time` | 15m | 10s to 10h | how long one is kept; longer, up to its end, while no KDC answers |
/// | `parallel` | 8 | 1 to 64 | exchanges with KDCs at once |
/// | `queue` | 400 | 0 to 10000 | users that wait for one of those; others are told at once |
/// | `deadline` | 2500ms | 500ms to 20s | for a ticket, waiting included |
public record KerberosSettings(
        Path keytab,
        String principal,
        Path krb5Conf,
        List<String> allow,
        Map<String, String> realms,
        Optional<DirectorySettings> ldap,
        int cacheSize,
        Duration cacheTime,
        int parallel,
        int queue,
        Duration deadline) {
    private static final String SPN_PATTERN = "[A-Za-z0-9_.-]+/(\\*\\.)?[A-Za-z0-9_.:-]+";

    private static final String SERVICE_LIKE = "[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+(@[A-Za-z0-9_.-]+)?";

    public KerberosSettings {
        allow = List.copyOf(allow);
        realms = Map.copyOf(realms);
    }

    /// @return empty when the file has no such section
    public static Optional<KerberosSettings> read(ConfigReader config) {
        if (!config.has("kerberos")) {
            config.section("kerberos");
            return Optional.empty();
        }
        ConfigReader own = config.section("kerberos");
        return Optional.of(new KerberosSettings(
                keytab(own),
                principal(own),
                Path.of(own.text("krb5-conf", "/etc/krb5.conf")),
                allow(own),
                realms(own),
                own.has("ldap")
                        ? Optional.of(DirectorySettings.read(own.section("ldap"), "kerberos.ldap"))
                        : Optional.empty(),
                (int) own.number("cache-size", 10_000, 1, 200_000),
                own.duration("cache-time", Duration.ofMinutes(15), Duration.ofSeconds(10), Duration.ofHours(10)),
                (int) own.number("parallel", 8, 1, 64),
                (int) own.number("queue", 400, 0, 10_000),
                own.duration("deadline", Duration.ofMillis(2_500), Duration.ofMillis(500), Duration.ofSeconds(20))));
    }

    /// Anybody who can read it can be anybody; so it is refused where all may.
    ///
    /// @throws IllegalArgumentException naming file and remedy
    static void check(Path keytab) {
        try {
            if (!Files.isReadable(keytab)) {
                throw new IllegalArgumentException(
                        keytab + " does not exist, or this process may not read it; export it for the connector's"
                                + " account, and give it to the user that the connector runs as");
            }
            if (keytab.getFileSystem().supportedFileAttributeViews().contains("posix")
                    && Files.getPosixFilePermissions(keytab).contains(PosixFilePermission.OTHERS_READ)) {
                throw new IllegalArgumentException(
                        keytab + " may be read by every user; run 'chmod 600 " + keytab + "'");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    keytab + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static Path keytab(ConfigReader own) {
        String text = own.text("keytab", "");
        if (text.isBlank()) {
            own.fault("keytab", "is missing; name the file with the keys of the connector's account");
        } else {
            try {
                check(Path.of(text));
            } catch (IllegalArgumentException e) {
                own.fault("keytab", "cannot be used: " + e.getMessage());
            }
        }
        return Path.of(text);
    }

    private static String principal(ConfigReader own) {
        String text = own.text("principal", "");
        if (text.isBlank()) {
            own.fault("principal", "is missing; name the connector's account, such as svc-connector@CORP.EXAMPLE");
        } else if (text.contains("/") && !text.matches(SERVICE_LIKE)) {
            own.fault(
                    "principal",
                    "is '" + text + "', neither an account's name nor SERVICE/HOST; name the connector's account");
        }
        return text;
    }

    private static List<String> allow(ConfigReader own) {
        List<String> all = own.list("allow");
        for (String one : all) {
            if (!one.matches(SPN_PATTERN)) {
                own.fault("allow", "holds '" + one + "', which is neither SERVICE/HOST nor SERVICE/*.DOMAIN");
            }
        }
        return all;
    }

    private static Map<String, String> realms(ConfigReader own) {
        var all = new HashMap<String, String>();
        for (String one : own.list("realms")) {
            int equals = one.indexOf('=');
            if (equals < 1 || equals == one.length() - 1) {
                own.fault(
                        "realms", "holds '" + one + "', which is no SUFFIX=REALM such as contoso.example=CORP.EXAMPLE");
            } else {
                all.put(
                        one.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        one.substring(equals + 1).strip());
            }
        }
        return all;
    }
}
