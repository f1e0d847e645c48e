package io.postern.saml;

import io.postern.saml.xml.Limits;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SafeXml;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.w3c.dom.Element;

/// HTTP-POST (SAML bindings 3.5): a message in a form's field, base64.
public final class PostBinding {
    private PostBinding() {}

    /// @param field the value of `SAMLRequest` or `SAMLResponse`
    public static Element read(String field) throws RefusedMessage {
        if (field.length() > Limits.MESSAGE.octets() / 3 * 4 + 1024) {
            throw new RefusedMessage(Refusal.OVERSIZE, field.length() + " characters");
        }
        return SafeXml.parse(RedirectBinding.base64(field), Limits.MESSAGE);
    }

    public static String write(Element message) {
        return Base64.getEncoder().encodeToString(Markup.write(message).getBytes(StandardCharsets.UTF_8));
    }
}
