package io.postern.bench.micro;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.Backend;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.domain.snapshot.Revocations;
import io.postern.domain.snapshot.Snapshot;
import io.postern.fixtures.TestCertificates;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.Verifiers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// What is published while something is measured: applications with hosts of their own and one user who may enter
/// all of them.
record World(UserId user, List<PublishedApplication> applications, Snapshot snapshot) {
    static final String BASE_DOMAIN = "apps.example.com";
    static final TenantId TENANT = TenantId.random();
    private static final TestCertificates.Issued CERTIFICATE =
            TestCertificates.authority("edge").server("*." + BASE_DOMAIN);
    static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    static World of(int applications, PreAuthentication preAuthentication) {
        UserId user = UserId.random();
        return of(
                user,
                IntStream.range(0, applications)
                        .mapToObj(i -> application(i, host(i), "/", preAuthentication, user))
                        .toList());
    }

    /// What a large service has: 9,000 hosts, 500 wildcards three labels deep in places, 500 folders on 50 hosts.
    static World large() {
        UserId user = UserId.random();
        var all = new ArrayList<PublishedApplication>();
        for (int i = 0; i < 9_000; i++) {
            all.add(application(i, host(i), "/", PreAuthentication.PASSTHROUGH, user));
        }
        for (int i = 0; i < 500; i++) {
            all.add(application(i, "*." + wildcard(i), "/", PreAuthentication.PASSTHROUGH, user));
        }
        for (int i = 0; i < 500; i++) {
            all.add(application(i, shared(i), folder(i), PreAuthentication.PASSTHROUGH, user));
        }
        return of(user, all);
    }

    static String wildcard(int number) {
        return (number % 2 == 0 ? "" : "deep." + number + ".") + "site-" + number / 2 + ".customer.example";
    }

    static String shared(int number) {
        return "shared-" + number / 10 + "." + BASE_DOMAIN;
    }

    static String folder(int number) {
        return "/department/folder-" + number % 10 + "/";
    }

    private static World of(UserId user, List<PublishedApplication> all) {
        var snapshot = new Snapshot(
                1,
                BASE_DOMAIN,
                Map.of(TENANT, "contoso"),
                all,
                List.of(new EdgeCertificate(List.of("*." + BASE_DOMAIN), CERTIFICATE.chain(), CERTIFICATE.key())),
                null,
                null,
                Map.of(),
                List.of(),
                Revocations.NONE);
        return new World(user, all, snapshot);
    }

    private static PublishedApplication application(
            int number, String host, String path, PreAuthentication preAuthentication, UserId user) {
        String inside = (host.startsWith("*") ? "*." : "") + "backend-" + number + ".corp.example";
        var publishing = Publishing.of(
                ExternalUrl.parse("https://" + host + path),
                InternalUrl.parse("http://" + inside + ":8080" + path),
                preAuthentication);
        return new PublishedApplication(
                TENANT,
                AppId.random(),
                "Application " + number,
                publishing.externalUrl(),
                Optional.of(publishing),
                new Upstream.ConnectorGroup(ConnectorGroupId.random(), Backend.of(publishing)),
                preAuthentication,
                true,
                Set.of(user),
                true);
    }

    static String host(int number) {
        return "application-" + number + "." + BASE_DOMAIN;
    }

    ClientFacts client(Instant now) {
        return new ClientFacts(
                "203.0.113.9", "0123456789abcdef0123456789abcdef", now, snapshot, Verifiers.of(snapshot), 443);
    }
}
