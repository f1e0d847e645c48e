package io.postern.run.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.IdentityProviderId;
import io.postern.fixtures.TestCertificates;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.xml.Markup;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `postern federation`, with a real API.
class FederationCommandsTest {
    @TempDir
    static Path folder;

    private static LiveService service;

    @BeforeAll
    static void open() throws Exception {
        service = new LiveService(folder);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static String secret() throws IOException {
        return Files.writeString(folder.resolve("secret"), "hush-hush\n").toString();
    }

    @Test
    void anOpenIdProviderComesChangesAndGoes() throws IOException {
        service.ok("group add Staff --kind security");
        String added = service.ok(
                "federation add Partner --issuer https://login.partner.example/t --client-id postern --newcomers guests"
                        + " --button yes --hint partner",
                "--client-secret-file",
                secret(),
                "--claim",
                "jobTitle=title",
                "--group",
                "employees=Staff");
        assertTrue(added.startsWith("Added identity provider 'Partner'."), added);
        assertTrue(added.contains("Claim           jobTitle = title"), added);
        assertTrue(added.contains("/callback"), added);
        assertTrue(added.contains("  Back channel  https://login."), added);
        assertTrue(added.contains("/front-channel-logout"), added);
        assertFalse(added.contains("hush"), added);

        String changed =
                service.ok("federation change partner --rename Works --trust-mfa yes --sign-out no --group none");
        assertTrue(changed.contains("Name            Works"), changed);
        assertTrue(changed.contains("Trusts MFA      yes"), changed);
        assertTrue(changed.contains("Signs out       no"), changed);
        assertFalse(changed.contains("Group "), changed);
        assertTrue(service.ok("federation list").contains("Works"));
        assertFalse(service.json("federation change Works --enabled no")
                .path("isEnabled")
                .asBoolean(true));
        assertEquals(
                "partner",
                service.json("federation show Works").path("domainHint").asString());

        assertTrue(service.run("federation change Works").err().contains("what is to be changed?"));
        assertTrue(service.run("federation change Works --claim jobTitle").err().contains("with = between them"));
        assertTrue(service.run("federation show Nobody").err().contains("see 'postern federation list'"));
        assertTrue(service.run("federation change Works --domain elsewhere.example")
                .err()
                .contains("is not of this organisation"));
        assertTrue(service.ok("federation remove Works").contains("Deleted identity provider 'Works'."));
        assertTrue(service.ok("federation list").contains("add one with 'postern federation add'"));
    }

    @Test
    void aSamlProviderIsReadFromItsMetadata() throws IOException {
        Path file = Files.writeString(
                folder.resolve("idp.xml"),
                Markup.write(new IdpMetadata(
                                "urn:saml",
                                List.of(TestCertificates.selfSigned("idp").leaf()),
                                "https://idp.example/sso",
                                Optional.empty(),
                                false)
                        .write(null, null)));

        String added = service.ok("federation add Saml --sign-requests yes", "--metadata", file.toString());

        assertTrue(added.contains("Kind            SAML"), added);
        assertTrue(added.contains("Issuer          urn:saml"), added);
        assertTrue(added.contains("/signed-out"), added);
        assertTrue(service.ok("federation test Saml").contains("ok    "));
        assertTrue(service.run("federation add Other").err().contains("metadata is missing"));
        service.ok("federation remove Saml");
    }

    @Test
    void linksOfAUserAreListedAndTakenAway() throws IOException {
        JsonNode provider = service.json(
                "federation add Elsewhere --issuer https://elsewhere.example --client-id c",
                "--client-secret-file",
                secret());
        User user = service.user("linked");
        assertEquals("Linked to no identity provider.\n", service.ok("federation links " + user.userPrincipalName()));
        service.store.write(s -> {
            s.federatedIdentities()
                    .insert(new FederatedIdentityStore.Row(
                            user.tenant(),
                            new IdentityProviderId(provider.path("id").asString()),
                            "sub-1",
                            user.id(),
                            FederatedIdentityStore.Origin.NAME,
                            Instant.parse("2026-11-22T10:00:00Z"),
                            Instant.parse("2026-11-22T11:00:00Z")));
            return user;
        });

        String links = service.ok("federation links " + user.userPrincipalName());
        assertTrue(
                links.matches("(?s)PROVIDER +SUBJECT.*Elsewhere +sub-1 +name +2026-11-22T10:00:00Z.*"),
                () -> "<" + links + ">");
        assertEquals(
                "'" + user.userPrincipalName() + "' is linked to 'Elsewhere' no more.\n",
                service.ok("federation unlink elsewhere --user " + user.userPrincipalName()));
        assertTrue(service.run("federation unlink elsewhere --user " + user.userPrincipalName())
                .err()
                .contains("there is no link of the user"));
        assertTrue(service.run("federation unlink elsewhere").status() != 0);
        service.ok("federation remove Elsewhere");
    }
}
