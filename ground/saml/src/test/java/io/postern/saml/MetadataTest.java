package io.postern.saml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.metadata.SpMetadata;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MetadataTest {
    private static final IdpMetadata OURS = new IdpMetadata(
            Site.ISSUER,
            List.of(Site.PROVIDER.certificate(), Site.ATTACKER.certificate()),
            "https://login.example.com/contoso/saml2",
            Optional.of("https://login.example.com/contoso/saml2"),
            false);
    private static final IdpMetadata.Federation FEDERATION = new IdpMetadata.Federation(
            "https://login.example.com/contoso/wsfed",
            List.of("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"));

    @Test
    void readsWhatItWrote() throws RefusedMessage {
        String xml = Markup.write(OURS.write(null, Site.signer(Site.PROVIDER)));
        assertEquals(OURS, IdpMetadata.read(xml.getBytes(StandardCharsets.UTF_8)));
        assertFalse(xml.contains("RoleDescriptor"));
    }

    @Test
    void hasTwoRoleDescriptorsForFederationAndReadersThatPassOverThem() throws RefusedMessage {
        String xml = Markup.write(OURS.write(FEDERATION, Site.signer(Site.PROVIDER)));
        assertEquals(2, xml.split("<RoleDescriptor").length - 1);
        assertTrue(xml.contains("PassiveRequestorEndpoint"));
        assertEquals(OURS, IdpMetadata.read(xml.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsServiceProvidersWithCommentsAndInACollection() throws Exception {
        String certificate = Base64.getMimeEncoder()
                .encodeToString(Site.SERVICE.certificate().getEncoded());
        String entity = """
                <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.com/">
                  <!-- made by hand -->
                  <md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="1"
                      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                    <md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
                      <ds:X509Certificate>%s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
                    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://sp.example.com/soap"/>
                    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://sp.example.com/slo"/>
                    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>
                    <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact" Location="https://sp.example.com/artifact"/>
                    <md:AssertionConsumerService index="3" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.com/acs"/>
                  </md:SPSSODescriptor>
                </md:EntityDescriptor>
                """.formatted(certificate);
        SpMetadata read = SpMetadata.read(entity.getBytes(StandardCharsets.UTF_8));
        assertEquals("https://sp.example.com/", read.entityId());
        assertEquals(Optional.of("https://sp.example.com/slo"), read.logoutUrl());
        assertEquals(1, read.replies().size());
        assertEquals(3, read.replies().getFirst().index().orElseThrow());
        assertTrue(read.replies().getFirst().isDefault());
        assertTrue(read.requestsSigned() && read.wantsAssertionsSigned());
        assertEquals(List.of(Site.SERVICE.certificate()), read.signing());
        assertEquals(List.of(Site.SERVICE.certificate()), read.encryption());
        String collection = "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">" + entity
                + "</EntitiesDescriptor>";
        assertEquals(read, SpMetadata.read(collection.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refusesMetadataWithADocumentTypeOrOfAnIdentityProvider() {
        assertEquals(Refusal.DTD, refusal("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"));
        assertEquals(Refusal.MISSING, refusal(Markup.write(OURS.write(null, null))));
        assertEquals(Refusal.WRONG_ROOT, refusal("<html/>"));
    }

    private static Refusal refusal(String xml) {
        return assertThrows(RefusedMessage.class, () -> SpMetadata.read(xml.getBytes(StandardCharsets.UTF_8)))
                .refusal();
    }
}
