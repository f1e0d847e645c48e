package io.postern.saml;

import io.postern.saml.xml.AssertionEncryption;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.XmlSigner;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// The answer to a sign-in request, or one that nobody asked for (IdP-initiated).
///
/// @param assertion empty in answers that refuse
public record Response(Header header, Optional<String> inResponseTo, Status status, Optional<Assertion> assertion) {

    /// Which parts carry a signature (3.4.2); the assertion is signed before it is encrypted.
    public enum Signed {
        ASSERTION,
        RESPONSE,
        BOTH;

        boolean assertion() {
            return this != RESPONSE;
        }

        boolean response() {
            return this != ASSERTION;
        }
    }

    /// Without an assertion the response itself is signed: a refusal shall not be forged either.
    ///
    /// @param encryption null leaves the assertion readable
    public Element write(XmlSigner signer, Signed signed, @Nullable AssertionEncryption encryption) {
        Markup response = header.write("Response").attribute("InResponseTo", inResponseTo);
        status.write(response);
        assertion.ifPresent(statement -> {
            Element element = statement.write();
            if (signed.assertion()) {
                signer.sign(element, "ID", afterIssuer(element));
            }
            if (encryption == null) {
                response.append(element);
            } else {
                response.child(SamlNames.ASSERTION, "saml:EncryptedAssertion").append(encryption.encrypt(element));
            }
        });
        Element root = response.element();
        if (signed.response() || assertion.isEmpty()) {
            signer.sign(root, "ID", afterIssuer(root));
        }
        return root;
    }

    /// The schemas want the signature right after the issuer.
    private static @Nullable Node afterIssuer(Element element) {
        return Elements.children(element).getFirst().getNextSibling();
    }
}
