package io.postern.saml.xml;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.w3c.dom.Element;

/// Verifies signatures by configured keys alone: no certificate of a message is believed, none is even read.
/// Thread-safe.
///
/// The shape is checked before the JDK sees the signature: in the element itself, one reference to that
/// element's ID, the two transforms that SAML knows, exclusive canonical XML, an algorithm that is taken.
public final class XmlVerifier {
    private static final String DSIG = XMLSignature.XMLNS;

    private final List<PublicKey> keys;
    private final Set<SignatureAlgorithm> taken;

    /// @param keys any of them may have signed: two during a rollover
    public XmlVerifier(List<PublicKey> keys, Set<SignatureAlgorithm> taken) {
        this.keys = List.copyOf(keys);
        this.taken = Set.copyOf(taken);
    }

    /// Whether the element carries a signature of its own.
    public static boolean isSigned(Element element) {
        return !Elements.children(element, DSIG, "Signature").isEmpty();
    }

    /// Whether below the element, anywhere, stands a signature that is not a child of one of `places`.
    public static boolean hasStrayIn(Element root, List<Element> places) {
        return Elements.descendants(root).stream()
                .filter(e -> Elements.is(e, DSIG, "Signature"))
                .anyMatch(e -> places.stream().noneMatch(place -> place.isSameNode(e.getParentNode())));
    }

    /// @return what the element's own signature covers, which is the element without it
    public Verified verify(Element element) throws RefusedMessage {
        List<Element> own = Elements.children(element, DSIG, "Signature");
        if (own.isEmpty()) {
            throw new RefusedMessage(Refusal.UNSIGNED);
        }
        if (own.size() > 1) {
            throw new RefusedMessage(Refusal.SEVERAL_SIGNATURES);
        }
        Element signature = own.getFirst();
        SignatureAlgorithm algorithm = checkShape(element, signature);
        if (keys.isEmpty()) {
            throw new RefusedMessage(Refusal.NO_KEY);
        }
        for (PublicKey key : keys) {
            Optional<Element> covered = validate(element, signature, key);
            if (covered.isPresent()) {
                return new Verified(covered.get(), algorithm);
            }
        }
        throw new RefusedMessage(Refusal.BAD_SIGNATURE);
    }

    /// Verifies a signature over octets.
    public void verify(byte[] octets, byte[] signature, String algorithmUri) throws RefusedMessage {
        SignatureAlgorithm algorithm = algorithm(algorithmUri);
        if (keys.isEmpty()) {
            throw new RefusedMessage(Refusal.NO_KEY);
        }
        for (PublicKey key : keys) {
            try {
                Signature verifier = Signature.getInstance(algorithm.jca());
                verifier.initVerify(key);
                verifier.update(octets);
                if (verifier.verify(signature)) {
                    return;
                }
            } catch (GeneralSecurityException e) {
                // a key of another kind, or octets that are no signature at all: the next key
            }
        }
        throw new RefusedMessage(Refusal.BAD_SIGNATURE);
    }

    private SignatureAlgorithm checkShape(Element element, Element signature) throws RefusedMessage {
        if (!Elements.children(signature, DSIG, "Object").isEmpty()) {
            throw new RefusedMessage(Refusal.SIGNATURE_OBJECT);
        }
        Element info = Elements.required(signature, DSIG, "SignedInfo");
        String canonicalization =
                Elements.requiredAttribute(Elements.required(info, DSIG, "CanonicalizationMethod"), "Algorithm");
        if (!canonicalization.equals(CanonicalizationMethod.EXCLUSIVE)) {
            throw new RefusedMessage(Refusal.CANONICALIZATION, canonicalization);
        }
        SignatureAlgorithm algorithm =
                algorithm(Elements.requiredAttribute(Elements.required(info, DSIG, "SignatureMethod"), "Algorithm"));
        List<Element> references = Elements.children(info, DSIG, "Reference");
        if (references.size() != 1) {
            throw new RefusedMessage(Refusal.SEVERAL_REFERENCES, references.size() + " references");
        }
        checkReference(element, references.getFirst());
        return algorithm;
    }

    private void checkReference(Element element, Element reference) throws RefusedMessage {
        String uri = Elements.attribute(reference, "URI").orElse("");
        String id = Elements.attribute(element, "ID").orElse("");
        if (id.isEmpty() || !uri.equals("#" + id)) {
            throw new RefusedMessage(Refusal.FOREIGN_REFERENCE, "'" + uri + "' in the element with ID '" + id + "'");
        }
        List<String> transforms = new ArrayList<>();
        for (Element transform : Elements.children(Elements.required(reference, DSIG, "Transforms"))) {
            transforms.add(Elements.attribute(transform, "Algorithm").orElse(""));
        }
        if (!transforms.equals(List.of(Transform.ENVELOPED, CanonicalizationMethod.EXCLUSIVE))) {
            throw new RefusedMessage(Refusal.TRANSFORM, String.join(" ", transforms));
        }
        String digest = Elements.requiredAttribute(Elements.required(reference, DSIG, "DigestMethod"), "Algorithm");
        if (taken.stream().noneMatch(a -> a.digest().equals(digest))) {
            throw new RefusedMessage(Refusal.DIGEST_ALGORITHM, digest);
        }
    }

    private SignatureAlgorithm algorithm(String uri) throws RefusedMessage {
        Optional<SignatureAlgorithm> algorithm = SignatureAlgorithm.of(uri).filter(taken::contains);
        if (algorithm.isEmpty()) {
            throw new RefusedMessage(Refusal.ALGORITHM, uri);
        }
        return algorithm.get();
    }

    /// @return the octets that were digested, as elements again; empty if this key did not sign them
    private Optional<Element> validate(Element element, Element signature, PublicKey key) throws RefusedMessage {
        var context = new DOMValidateContext(key, signature);
        context.setIdAttributeNS(element, null, "ID"); // the only ID that can be found
        context.setProperty("javax.xml.crypto.dsig.cacheReference", true);
        // The JDK's policy refuses SHA-1 whoever chose it. All else that it forbids, checkShape forbids more strictly.
        context.setProperty("org.jcp.xml.dsig.secureValidation", !taken.contains(SignatureAlgorithm.RSA_SHA1));
        try {
            XMLSignature parsed = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
            if (!parsed.validate(context)) {
                return Optional.empty();
            }
            Reference reference = parsed.getSignedInfo().getReferences().getFirst();
            try (InputStream digested = reference.getDigestInputStream()) {
                return Optional.of(SafeXml.parse(digested.readAllBytes(), Limits.METADATA));
            }
        } catch (MarshalException | XMLSignatureException | IOException e) {
            return Optional.empty(); // a key of another kind, or values that are no signature at all
        }
    }
}
