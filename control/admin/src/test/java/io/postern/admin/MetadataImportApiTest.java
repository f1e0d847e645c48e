package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.fixtures.TestCertificates;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Metadata of a service provider fill its sign-on, and its certificates encrypt (3.4.2).
class MetadataImportApiTest {
    @TempDir
    static Path folder;

    private static Installation service;

    @BeforeAll
    static void open() {
        service = new Installation(folder);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @Test
    void metadataOfAServiceProviderFillsTheSettings() {
        String path = service.application("imported");

        Response done = service.post(path + "/signOn/importMetadata", "{\"metadata\":" + quoted(METADATA) + "}");

        assertEquals(200, done.status(), done.raw().body());
        assertEquals("urn:sp:imported", done.text("/signOn/identifierUris/0"));
        assertEquals("https://sp.example/acs", done.text("/signOn/replyUrls/0/url"));
        assertEquals(1, done.json().at("/signOn/replyUrls/1/index").asInt());
        assertTrue(done.json().at("/signOn/replyUrls/1/isDefault").asBoolean());
        assertEquals("https://sp.example/slo", done.text("/signOn/logoutUrl"));
        assertEquals("persistent", done.text("/signOn/claimsPolicy/nameId/format"));
        assertEquals("urn:oid:0.9.2342.19200300.100.1.3", done.text("/claimSuggestions/0/claim"));
        assertEquals("mail", done.text("/claimSuggestions/0/attribute"));
        assertEquals("saml", done.text("/signOn/preferredSingleSignOnMode"));
    }

    private static String certificate() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return Base64.getEncoder()
                .encodeToString(TestCertificates.authority("sp")
                        .server(generator.generateKeyPair(), "sp")
                        .leaf()
                        .getEncoded());
    }

    /// As the original's scripts turn token encryption on; it is the sign-on document by other names.
    @Test
    void keyCredentialsForEncryptionAndTokenEncryptionKeyIdAreTheSameSetting() throws GeneralSecurityException {
        String path = service.application("encrypting");
        String appId = service.get(path).text("/appId");
        String application = "/applications/"
                + service.get("/applications?$filter=appId%20eq%20'" + appId + "'")
                        .text("/value/0/id");
        String id = "0f6a9f5e-3d0f-4f0c-9d5e-2b1a4c8d7e6f";

        Response added = service.patch(
                application,
                "{\"keyCredentials\":[{\"type\":\"AsymmetricX509Cert\",\"usage\":\"Encrypt\",\"keyId\":\"" + id
                        + "\",\"key\":\"" + certificate() + "\"}]}");
        Response waits = service.get(application);
        Response active = service.patch(application, "{\"tokenEncryptionKeyId\":\"" + id + "\"}");

        assertEquals(204, added.status(), added.raw().body());
        assertEquals("Encrypt", waits.text("/keyCredentials/0/usage"));
        assertTrue(waits.json().at("/tokenEncryptionKeyId").isNull());
        assertEquals(204, active.status(), active.raw().body());
        assertEquals(id, service.get(application).text("/tokenEncryptionKeyId"));
        assertEquals(id, service.get(path + "/signOn").text("/encryption/activeKeyId"));
        assertEquals(
                204,
                service.patch(application, "{\"tokenEncryptionKeyId\":null}").status());
        assertTrue(service.get(path + "/signOn")
                .json()
                .at("/encryption/activeKeyId")
                .isNull());
        assertEquals(
                400,
                service.patch(application, "{\"tokenEncryptionKeyId\":\"" + appId + "\"}")
                        .status(),
                "an id that no certificate has");
        assertEquals(
                400,
                service.patch(application, "{\"keyCredentials\":[{\"usage\":\"Verify\",\"key\":\"x\"}]}")
                        .status());
    }

    @Test
    void metadataThatNameCiphersChooseTheBestOfThem() throws GeneralSecurityException {
        String path = service.application("ciphers");
        String certificate = certificate();
        String descriptor = "<md:KeyDescriptor use=\"encryption\">"
                + "<ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>"
                + certificate + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
                + "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes128-cbc\"/>"
                + "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"/>"
                + "</md:KeyDescriptor><md:SingleLogoutService";
        Response before = service.get(path + "/signOn");
        Response done = service.post(
                path + "/signOn/importMetadata",
                "{\"metadata\":"
                        + quoted(METADATA.replace("urn:sp:imported", "urn:sp:ciphers")
                                .replace("<md:SingleLogoutService", descriptor))
                        + "}");
        Response set = service.patch(path + "/signOn", "{\"encryption\":{\"algorithm\":\"aes128Cbc\"}}");
        Response bad = service.patch(path + "/signOn", "{\"encryption\":{\"algorithm\":\"des\"}}");

        assertEquals("aes256Cbc", before.text("/encryption/algorithm"));
        assertEquals(200, done.status(), done.raw().body());
        assertEquals("aes256Gcm", done.text("/signOn/encryption/algorithm"));
        assertEquals(204, set.status(), set.raw().body());
        assertEquals("aes128Cbc", service.get(path + "/signOn").text("/encryption/algorithm"));
        assertEquals(
                1,
                service.get(path + "/signOn")
                        .json()
                        .at("/encryption/certificates")
                        .size());
        assertEquals(400, bad.status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<a/>|metadata",
                "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>|metadata",
                "not xml|metadata"
            })
    void metadataThatIsNoneIsRefused(String xml, String field) {
        String path = service.application("bad" + Integer.toHexString(xml.hashCode()));

        Response refused = service.post(path + "/signOn/importMetadata", "{\"metadata\":" + quoted(xml) + "}");

        assertEquals(400, refused.status(), refused.raw().body());
        assertEquals(field, refused.text("/error/details/0/target"));
        assertEquals("notSupported", service.get(path + "/signOn").text("/preferredSingleSignOnMode"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://sp.example/metadata",
        "https://127.0.0.1/metadata",
        "https://localhost/metadata",
        "https://[::1]/metadata",
        "https://[::ffff:10.0.0.1]/metadata",
        "https://10.1.2.3/metadata",
        "https://192.168.0.1/metadata",
        "https://169.254.169.254/latest/meta-data",
        "https://100.100.100.200/latest",
        "https://[fd00:ec2::254]/latest",
        "https://[64:ff9b::7f00:1]/x",
        "https://0.0.0.0/x",
        "https://user@sp.example/x",
        "file:///etc/passwd"
    })
    void nothingIsFetchedFromInside(String url) {
        String path = service.application("fetch" + Integer.toHexString(url.hashCode()));

        Response refused = service.post(path + "/signOn/importMetadata", "{\"metadataUrl\":\"" + url + "\"}");

        assertEquals(400, refused.status(), refused.raw().body());
        assertEquals("metadataUrl", refused.text("/error/details/0/target"));
    }

    private static String quoted(String text) {
        return JsonMapper.builder().build().writeValueAsString(text);
    }

    private static final String METADATA = """
        <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:sp:imported">
          <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
                Location="https://sp.example/slo"/>
            <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
            <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
                Location="https://sp.example/acs" index="0"/>
            <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
                Location="https://sp.example/acs2" index="1" isDefault="true"/>
            <md:AttributeConsumingService index="0">
              <md:ServiceName xml:lang="en">SP</md:ServiceName>
              <md:RequestedAttribute Name="urn:oid:0.9.2342.19200300.100.1.3" isRequired="true"/>
            </md:AttributeConsumingService>
          </md:SPSSODescriptor>
        </md:EntityDescriptor>
        """;
}
