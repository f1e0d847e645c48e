package io.postern.saml.metadata;

import io.postern.saml.SamlNames;
import io.postern.saml.xml.AssertionEncryption;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Limits;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SafeXml;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.w3c.dom.Element;

/// What a service provider says of itself: fills the form of an application. Nothing in it is believed beyond
/// what the administrator who uploads it would type.
///
/// @param replies in the order of the file
/// @param logoutUrl where it takes logout by redirect
/// @param requestedAttributes names of the attributes that it asks for, of every service in the file
/// @param encryptionMethods identifiers of the algorithms that it says it can decrypt; empty when it does not say
/// @param requestsSigned whether it signs its requests
public record SpMetadata(
        String entityId,
        List<Reply> replies,
        Optional<String> logoutUrl,
        List<String> nameIdFormats,
        List<X509Certificate> signing,
        List<X509Certificate> encryption,
        List<String> encryptionMethods,
        boolean requestsSigned,
        boolean wantsAssertionsSigned,
        List<String> requestedAttributes,
        Optional<Instant> validUntil) {
    public SpMetadata {
        replies = List.copyOf(replies);
        nameIdFormats = List.copyOf(nameIdFormats);
        signing = List.copyOf(signing);
        encryption = List.copyOf(encryption);
        encryptionMethods = List.copyOf(encryptionMethods);
        requestedAttributes = List.copyOf(requestedAttributes);
    }

    /// An assertion consumer service that takes POST.
    public record Reply(String url, OptionalInt index, boolean isDefault) {}

    /// @param file EntityDescriptor, or EntitiesDescriptor with one service provider
    public static SpMetadata read(byte[] file) throws RefusedMessage {
        Element root = SafeXml.parse(file, Limits.METADATA);
        Element entity = entity(root);
        Element role = Elements.required(entity, SamlNames.METADATA, "SPSSODescriptor");
        var formats = new ArrayList<String>();
        for (Element format : Elements.children(role, SamlNames.METADATA, "NameIDFormat")) {
            formats.add(Elements.text(format));
        }
        Optional<Instant> until = Elements.time(entity, "validUntil");
        return new SpMetadata(
                Elements.requiredAttribute(entity, "entityID"),
                replies(role),
                Elements.children(role, SamlNames.METADATA, "SingleLogoutService").stream()
                        .filter(s -> binding(s).equals(SamlNames.BINDING_REDIRECT))
                        .findFirst()
                        .flatMap(s -> Elements.attribute(s, "Location")),
                formats,
                Certificates.read(role, "signing"),
                Certificates.read(role, "encryption"),
                Certificates.encryptionMethods(role),
                Elements.flag(role, "AuthnRequestsSigned"),
                Elements.flag(role, "WantAssertionsSigned"),
                requested(role),
                until.isPresent() ? until : Elements.time(root, "validUntil"));
    }

    /// Our own, for the administrator of an identity provider whose service provider we are.
    ///
    /// @param certificate signs requests and logout messages, and encrypts what is for us
    public static Element write(
            String entityId, String reply, String logoutUrl, X509Certificate certificate, boolean requestsSigned) {
        Markup entity = Markup.root(SamlNames.METADATA, "EntityDescriptor").attribute("entityID", entityId);
        Markup role = entity.child(SamlNames.METADATA, "SPSSODescriptor")
                .attribute("protocolSupportEnumeration", SamlNames.PROTOCOL)
                .attribute("AuthnRequestsSigned", Boolean.toString(requestsSigned))
                .attribute("WantAssertionsSigned", "true");
        Certificates.write(role, "signing", certificate);
        Certificates.write(
                role,
                "encryption",
                certificate,
                List.of(
                        AssertionEncryption.DataCipher.AES256_GCM.uri(),
                        AssertionEncryption.DataCipher.AES128_GCM.uri(),
                        AssertionEncryption.RSA_OAEP_MGF1P,
                        AssertionEncryption.RSA_OAEP));
        for (String binding : List.of(SamlNames.BINDING_REDIRECT, SamlNames.BINDING_POST)) {
            role.child(SamlNames.METADATA, "SingleLogoutService")
                    .attribute("Binding", binding)
                    .attribute("Location", logoutUrl);
        }
        role.child(SamlNames.METADATA, "NameIDFormat").text(SamlNames.NAMEID_PERSISTENT);
        role.child(SamlNames.METADATA, "AssertionConsumerService")
                .attribute("Binding", SamlNames.BINDING_POST)
                .attribute("Location", reply)
                .attribute("index", "0")
                .attribute("isDefault", "true");
        return entity.element();
    }

    private static List<String> requested(Element role) throws RefusedMessage {
        var names = new ArrayList<String>();
        for (Element service : Elements.children(role, SamlNames.METADATA, "AttributeConsumingService")) {
            for (Element attribute : Elements.children(service, SamlNames.METADATA, "RequestedAttribute")) {
                names.add(Elements.requiredAttribute(attribute, "Name"));
            }
        }
        return names.stream().distinct().toList();
    }

    private static Element entity(Element root) throws RefusedMessage {
        if (!Elements.is(root, SamlNames.METADATA, "EntitiesDescriptor")) {
            return Elements.root(root, SamlNames.METADATA, "EntityDescriptor");
        }
        List<Element> providers = Elements.descendants(root).stream()
                .filter(e -> Elements.is(e, SamlNames.METADATA, "EntityDescriptor"))
                .filter(e -> !Elements.children(e, SamlNames.METADATA, "SPSSODescriptor")
                        .isEmpty())
                .toList();
        if (providers.size() != 1) {
            throw new RefusedMessage(
                    Refusal.REPEATED, providers.size() + " service providers; upload the metadata of one");
        }
        return providers.getFirst();
    }

    private static List<Reply> replies(Element role) throws RefusedMessage {
        var replies = new ArrayList<Reply>();
        for (Element service : Elements.children(role, SamlNames.METADATA, "AssertionConsumerService")) {
            if (binding(service).equals(SamlNames.BINDING_POST)) {
                replies.add(new Reply(
                        Elements.requiredAttribute(service, "Location"),
                        Elements.number(service, "index"),
                        Elements.flag(service, "isDefault")));
            }
        }
        if (replies.isEmpty()) {
            throw new RefusedMessage(Refusal.MISSING, "AssertionConsumerService with the binding HTTP-POST");
        }
        return replies;
    }

    private static String binding(Element service) {
        return Elements.attribute(service, "Binding").orElse("");
    }
}
