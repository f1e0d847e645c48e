package io.postern.connector.directory;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import io.postern.base.config.ConfigReader;
import io.postern.connector.directory.DirectoryEntry.Kind;
import io.postern.connector.directory.DirectoryReading.Outcome;
import io.postern.fixtures.SambaDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// What the tests of directories have in common: settings, jobs, and what came of them.
final class DirectoryRig {
    static final List<String> USER =
            List.of("sAMAccountName", "userPrincipalName", "mail", "userAccountControl", "objectSid");
    static final List<String> GROUP = List.of("sAMAccountName", "description");

    private DirectoryRig() {}

    /// The first value of an attribute, which it must have.
    static String value(DirectoryEntry entry, String attribute) {
        return entry.attributes().getOrDefault(attribute, List.of()).stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + attribute + " in " + entry));
    }

    /// What was told, by name: the last word about each.
    record Told(Outcome outcome, List<DirectoryEntry> entries) {
        DirectoryEntry named(String account) {
            return entries.stream()
                    .filter(e -> e.attributes()
                            .getOrDefault("sAMAccountName", List.of())
                            .contains(account))
                    .reduce((a, b) -> b)
                    .orElseThrow(() -> new AssertionError("nothing about " + account + " in " + names()));
        }

        List<String> names() {
            return entries.stream()
                    .map(e -> (e.deleted() ? "gone " : e.kind().word() + " ") + e.dn())
                    .toList();
        }

        /// Members of a group after all that was told.
        List<String> members(String account) {
            String id = named(account).id();
            var members = new TreeMap<String, String>();
            for (DirectoryEntry each : entries) {
                if (each.id().equals(id) && each.members().isPresent()) {
                    if (each.members().get().complete()) {
                        members.clear();
                    }
                    each.members().get().add().forEach(dn -> members.put(dn, dn));
                    each.members().get().remove().forEach(members::remove);
                }
            }
            return List.copyOf(members.keySet());
        }

        long count(Kind kind) {
            return entries.stream()
                    .filter(e -> e.kind() == kind && !e.attributes().isEmpty())
                    .count();
        }
    }

    static Told read(DirectorySettings settings, DirectoryJob job) {
        var entries = new ArrayList<DirectoryEntry>();
        Outcome outcome = DirectoryReading.read(settings, job, entries::add);
        return new Told(outcome, entries);
    }

    static DirectoryJob full(DirectoryScope scope) {
        return new DirectoryJob("j", "corp", DirectoryJob.Kind.FULL, Optional.empty(), scope, 200);
    }

    static DirectoryJob delta(DirectoryScope scope, Outcome last) {
        return new DirectoryJob("j", "corp", DirectoryJob.Kind.DELTA, last.cursor(), scope, 200);
    }

    static DirectoryScope scope(String... bases) {
        return new DirectoryScope(List.of(bases), List.of(), Optional.empty(), Optional.empty(), USER, GROUP);
    }

    /// As `connector.yaml` says it.
    static DirectorySettings settings(Path folder, String account, String password, Path trust, String... urls) {
        boolean startTls = urls[0].startsWith("ldap:");
        String yaml = """
                directories:
                  - name: corp
                    urls: [%s]
                    start-tls: %s
                    trust: %s
                    bind-dn: "%s"
                    password-file: %s
                    page-size: 50
                """.formatted(String.join(", ", urls), startTls, trust, account, password(folder, password));
        ConfigReader config = ConfigReader.of("connector.yaml", yaml);
        List<DirectorySettings> read = DirectorySettings.read(config.sections("directories"));
        config.finish();
        return read.getFirst();
    }

    static Path password(Path folder, String password) {
        try {
            Path file = folder.resolve("password");
            Files.writeString(file, password + "\n");
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static LDAPConnection administrator(SambaDomain domain) throws LDAPException {
        try (var in = Files.newInputStream(domain.authority())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return new LDAPConnection(
                    tls.getSocketFactory(),
                    new LDAPConnectionOptions(),
                    domain.address(),
                    636,
                    SambaDomain.ADMIN,
                    SambaDomain.ADMIN_PASSWORD);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
