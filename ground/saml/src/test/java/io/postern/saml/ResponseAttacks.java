package io.postern.saml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.SigningKey;
import io.postern.saml.xml.XmlSigner;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.w3c.dom.Element;

/// Rows of a table of attacks on responses: each is refused, for its own reason. The message that every row begins with
/// is taken ([ResponseSignatureAttackTest]), or the row would prove nothing.
abstract class ResponseAttacks {
    static final XmlSigner SIGNER = Site.signer(Site.PROVIDER);
    final List<DynamicTest> rows = new ArrayList<>();

    /// Adds the rows.
    abstract void attacks();

    @TestFactory
    List<DynamicTest> refusesEachForItsOwnReason() {
        attacks();
        return rows;
    }

    interface Message {
        String make() throws Exception;
    }

    void row(String name, Refusal refusal, Message message) {
        row(name, refusal, Site.expectations(), UnaryOperator.identity(), message);
    }

    void row(String name, Refusal refusal, Expectations base, UnaryOperator<Expectations> change, Message message) {
        rows.add(dynamicTest(
                name + " → " + refusal,
                () -> assertEquals(Optional.of(refusal), new Site().refusal(message.make(), change.apply(base)))));
    }

    /// The assertion is signed; then the attacker has the message.
    void forged(String name, Refusal refusal, Consumer<Forgery> attack) {
        row(name, refusal, () -> {
            var forgery = new Forgery(good(Response.Signed.ASSERTION));
            attack.accept(forgery);
            return forgery.field();
        });
    }

    /// What the attacker changes is the part outside of the assertion's signature.
    void responds(String name, Refusal refusal, Consumer<Outside> attack) {
        forged(name, refusal, f -> attack.accept(new Outside(f)));
    }

    /// The response's own elements.
    static final class Outside {
        final Element root;
        private final Forgery forgery;

        Outside(Forgery forgery) {
            this.forgery = forgery;
            root = forgery.root;
        }

        Element the(String name) {
            return forgery.the(name);
        }

        Element header(String name) {
            return Elements.children(root, SamlNames.ASSERTION, name).getFirst();
        }
    }

    void changed(String name, Refusal refusal, UnaryOperator<String> change) {
        row(name, refusal, () -> change.apply(Markup.write(good(Response.Signed.ASSERTION))));
    }

    static Element good(Response.Signed signed) {
        return Site.response(Site.assertion()).write(SIGNER, signed, null);
    }

    static Assertion with(Assertion a, List<String> audiences) {
        return new Assertion(
                a.id(),
                a.issued(),
                a.issuer(),
                a.subject(),
                a.confirmation(),
                a.notBefore(),
                a.notOnOrAfter(),
                audiences,
                a.authentication(),
                a.attributes());
    }

    static Assertion with(Assertion a, Assertion.Confirmation confirmation) {
        return new Assertion(
                a.id(),
                a.issued(),
                a.issuer(),
                a.subject(),
                confirmation,
                a.notBefore(),
                a.notOnOrAfter(),
                a.audiences(),
                a.authentication(),
                a.attributes());
    }

    static Assertion with(Assertion a, Instant notBefore, Instant notOnOrAfter) {
        return new Assertion(
                a.id(),
                a.issued(),
                a.issuer(),
                a.subject(),
                a.confirmation(),
                notBefore,
                notOnOrAfter,
                a.audiences(),
                a.authentication(),
                a.attributes());
    }

    static Expectations keys(Expectations e, List<PublicKey> keys) {
        return new Expectations(
                e.issuer(),
                keys,
                e.algorithms(),
                e.audience(),
                e.recipient(),
                e.request(),
                e.unsolicited(),
                e.skew(),
                e.decryption());
    }

    static Expectations request(Expectations e, Optional<String> request, boolean unsolicited) {
        return new Expectations(
                e.issuer(),
                e.keys(),
                e.algorithms(),
                e.audience(),
                e.recipient(),
                request,
                unsolicited,
                e.skew(),
                e.decryption());
    }

    static String base64(String xml) {
        return octets(xml, StandardCharsets.UTF_8);
    }

    static String octets(String xml, Charset charset) {
        return Base64.getEncoder().encodeToString(xml.getBytes(charset));
    }

    static String base64(SigningKey key) {
        try {
            return Base64.getEncoder().encodeToString(key.certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
