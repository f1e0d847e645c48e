package io.postern.saml.metadata;

import io.postern.saml.SamlNames;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.w3c.dom.Element;

/// Certificates in KeyDescriptors.
final class Certificates {
    private Certificates() {}

    static void write(Markup role, String use, X509Certificate certificate) {
        write(role, use, certificate, List.of());
    }

    /// @param methods identifiers of what can be decrypted
    static void write(Markup role, String use, X509Certificate certificate, List<String> methods) {
        Markup descriptor = role.child(SamlNames.METADATA, "KeyDescriptor").attribute("use", use);
        Markup data = descriptor.child(SamlNames.DSIG, "ds:KeyInfo").child(SamlNames.DSIG, "ds:X509Data");
        try {
            data.child(SamlNames.DSIG, "ds:X509Certificate")
                    .text(Base64.getEncoder().encodeToString(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
        methods.forEach(method ->
                descriptor.child(SamlNames.METADATA, "EncryptionMethod").attribute("Algorithm", method));
    }

    /// Those for `use`; a descriptor without a use counts for every one.
    static List<X509Certificate> read(Element role, String use) throws RefusedMessage {
        var certificates = new ArrayList<X509Certificate>();
        for (Element descriptor : Elements.children(role, SamlNames.METADATA, "KeyDescriptor")) {
            if (Elements.attribute(descriptor, "use").orElse(use).equals(use)) {
                for (Element e : Elements.descendants(descriptor)) {
                    if (Elements.is(e, SamlNames.DSIG, "X509Certificate")) {
                        certificates.add(certificate(Elements.text(e)));
                    }
                }
            }
        }
        return List.copyOf(certificates);
    }

    /// Algorithms of the descriptors for encryption, in the order of the file.
    static List<String> encryptionMethods(Element role) throws RefusedMessage {
        var methods = new ArrayList<String>();
        for (Element descriptor : Elements.children(role, SamlNames.METADATA, "KeyDescriptor")) {
            if (Elements.attribute(descriptor, "use").orElse("encryption").equals("encryption")) {
                for (Element method : Elements.children(descriptor, SamlNames.METADATA, "EncryptionMethod")) {
                    methods.add(Elements.requiredAttribute(method, "Algorithm"));
                }
            }
        }
        return methods.stream().distinct().toList();
    }

    private static X509Certificate certificate(String base64) throws RefusedMessage {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new RefusedMessage(Refusal.BAD_VALUE, "X509Certificate is no certificate in base64");
        }
    }
}
