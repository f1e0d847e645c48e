package io.postern.saml.xml;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.List;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Signs elements (enveloped, exclusive canonical XML, one reference) and octets. Thread-safe.
public final class XmlSigner {
    static final String DSIG = XMLSignature.XMLNS;

    private final SigningKey key;
    private final SignatureAlgorithm algorithm;

    public XmlSigner(SigningKey key, SignatureAlgorithm algorithm) {
        this.key = key;
        this.algorithm = algorithm;
    }

    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    /// Puts a signature into the element; its certificate goes along, for readers that pick a key by it.
    ///
    /// @param idAttribute `ID` in SAML 2.0, `AssertionID` in SAML 1.1
    /// @param before the child that the schema wants after the signature; null for the end
    public void sign(Element element, String idAttribute, @Nullable Node before) {
        XMLSignatureFactory signatures = XMLSignatureFactory.getInstance("DOM");
        KeyInfoFactory keyInfos = signatures.getKeyInfoFactory();
        try {
            Reference reference = signatures.newReference(
                    "#" + element.getAttributeNS(null, idAttribute),
                    signatures.newDigestMethod(algorithm.digest(), null),
                    List.of(
                            signatures.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                            signatures.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
                    null,
                    null);
            SignedInfo signedInfo = signatures.newSignedInfo(
                    signatures.newCanonicalizationMethod(
                            CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                    signatures.newSignatureMethod(algorithm.uri(), null),
                    List.of(reference));
            KeyInfo keyInfo = keyInfos.newKeyInfo(List.of(keyInfos.newX509Data(List.of(key.certificate()))));
            var context = before == null
                    ? new DOMSignContext(key.key(), element)
                    : new DOMSignContext(key.key(), element, before);
            context.setDefaultNamespacePrefix("ds");
            context.setIdAttributeNS(element, null, idAttribute);
            // the policy of the JDK would refuse SHA-1 though an administrator chose it for an old application
            context.setProperty("org.jcp.xml.dsig.secureValidation", algorithm != SignatureAlgorithm.RSA_SHA1);
            signatures.newXMLSignature(signedInfo, keyInfo).sign(context);
        } catch (GeneralSecurityException | MarshalException | XMLSignatureException e) {
            throw new IllegalStateException("cannot sign with " + algorithm, e);
        }
        joinLines(element);
    }

    /// The signature over octets, for bindings that sign no XML.
    public byte[] sign(byte[] octets) {
        try {
            Signature signature = Signature.getInstance(algorithm.jca());
            signature.initSign(key.key());
            signature.update(octets);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with " + algorithm, e);
        }
    }

    /// The JDK breaks base64 by carriage return and line feed, which some readers take for data. Neither of
    /// these values is covered by the signature.
    private static void joinLines(Element signed) {
        for (Element signature : Elements.children(signed, DSIG, "Signature")) {
            for (Element part : Elements.descendants(signature)) {
                if (Elements.is(part, DSIG, "SignatureValue") || Elements.is(part, DSIG, "X509Certificate")) {
                    part.setTextContent(part.getTextContent().replaceAll("\\s", ""));
                }
            }
        }
    }
}
