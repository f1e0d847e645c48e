package io.postern.saml.metadata;

import io.postern.saml.MessageId;
import io.postern.saml.SamlNames;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Limits;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SafeXml;
import io.postern.saml.xml.XmlSigner;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// What an identity provider says of itself.
///
/// @param signing every certificate that may sign, the active one first: two during a rollover
/// @param logoutUrl single logout by redirect: requests
/// @param logoutAnswerUrl and responses
/// @param wantsRequestsSigned whether unsigned requests are refused
public record IdpMetadata(
        String entityId,
        List<X509Certificate> signing,
        String signInUrl,
        Optional<String> logoutUrl,
        Optional<String> logoutAnswerUrl,
        boolean wantsRequestsSigned) {
    private static final String FED = "http://docs.oasis-open.org/wsfed/federation/200706";
    private static final String AUTH = "http://docs.oasis-open.org/wsfed/authorization/200706";
    private static final String WSA = "http://www.w3.org/2005/08/addressing";

    public IdpMetadata {
        signing = List.copyOf(signing);
    }

    /// One address for both sides of single logout.
    public IdpMetadata(
            String entityId,
            List<X509Certificate> signing,
            String signInUrl,
            Optional<String> logoutUrl,
            boolean wantsRequestsSigned) {
        this(entityId, signing, signInUrl, logoutUrl, logoutUrl, wantsRequestsSigned);
    }

    /// What WS-Federation reads of the file; service providers with a strict schema refuse it (S1).
    ///
    /// @param claimTypes URIs of claims that tokens may carry
    public record Federation(String passiveUrl, List<String> claimTypes) {
        public Federation {
            claimTypes = List.copyOf(claimTypes);
        }
    }

    /// @param federation null leaves the RoleDescriptor elements out
    /// @param signer null leaves the file unsigned
    public Element write(@Nullable Federation federation, @Nullable XmlSigner signer) {
        Markup entity = Markup.root(SamlNames.METADATA, "EntityDescriptor")
                .attribute("ID", MessageId.random())
                .attribute("entityID", entityId);
        if (federation != null) {
            roleDescriptors(entity, federation);
        }
        Markup role = entity.child(SamlNames.METADATA, "IDPSSODescriptor")
                .attribute("protocolSupportEnumeration", SamlNames.PROTOCOL)
                .attribute("WantAuthnRequestsSigned", Boolean.toString(wantsRequestsSigned));
        signing.forEach(certificate -> Certificates.write(role, "signing", certificate));
        logoutUrl.ifPresent(url -> role.child(SamlNames.METADATA, "SingleLogoutService")
                .attribute("Binding", SamlNames.BINDING_REDIRECT)
                .attribute("Location", url));
        for (String format : List.of(
                SamlNames.NAMEID_PERSISTENT,
                SamlNames.NAMEID_EMAIL,
                SamlNames.NAMEID_UNSPECIFIED,
                SamlNames.NAMEID_TRANSIENT)) {
            role.child(SamlNames.METADATA, "NameIDFormat").text(format);
        }
        for (String binding : List.of(SamlNames.BINDING_REDIRECT, SamlNames.BINDING_POST)) {
            role.child(SamlNames.METADATA, "SingleSignOnService")
                    .attribute("Binding", binding)
                    .attribute("Location", signInUrl);
        }
        if (signer != null) {
            signer.sign(entity.element(), "ID", entity.element().getFirstChild());
        }
        return entity.element();
    }

    private void roleDescriptors(Markup entity, Federation federation) {
        Markup service = roleDescriptor(entity, "SecurityTokenServiceType");
        Markup offered = service.child(FED, "fed:ClaimTypesOffered");
        federation
                .claimTypes()
                .forEach(uri -> offered.child(AUTH, "auth:ClaimType")
                        .attribute("Uri", uri)
                        .child(AUTH, "auth:DisplayName")
                        .text(uri.substring(uri.lastIndexOf('/') + 1)));
        endpoint(service, "SecurityTokenServiceEndpoint", federation.passiveUrl());
        endpoint(service, "PassiveRequestorEndpoint", federation.passiveUrl());
        Markup application = roleDescriptor(entity, "ApplicationServiceType");
        endpoint(application.child(FED, "fed:TargetScopes"), entityId);
        endpoint(application, "ApplicationServiceEndpoint", federation.passiveUrl());
        endpoint(application, "PassiveRequestorEndpoint", federation.passiveUrl());
    }

    private Markup roleDescriptor(Markup entity, String type) {
        Markup role = entity.child(SamlNames.METADATA, "RoleDescriptor")
                .declare("xsi", SamlNames.XSI)
                .declare("fed", FED)
                .attribute(SamlNames.XSI, "xsi:type", "fed:" + type)
                .attribute("protocolSupportEnumeration", FED);
        signing.forEach(certificate -> Certificates.write(role, "signing", certificate));
        return role;
    }

    private static void endpoint(Markup role, String name, String url) {
        endpoint(role.child(FED, "fed:" + name), url);
    }

    private static void endpoint(Markup parent, String url) {
        parent.child(WSA, "wsa:EndpointReference").child(WSA, "wsa:Address").text(url);
    }

    /// RoleDescriptor elements are passed over.
    public static IdpMetadata read(byte[] file) throws RefusedMessage {
        Element entity = Elements.root(SafeXml.parse(file, Limits.METADATA), SamlNames.METADATA, "EntityDescriptor");
        Element role = Elements.required(entity, SamlNames.METADATA, "IDPSSODescriptor");
        Optional<String> signIn = service(role, "SingleSignOnService");
        if (signIn.isEmpty()) {
            throw new RefusedMessage(Refusal.MISSING, "SingleSignOnService with the binding HTTP-Redirect");
        }
        return new IdpMetadata(
                Elements.requiredAttribute(entity, "entityID"),
                Certificates.read(role, "signing"),
                signIn.get(),
                service(role, "SingleLogoutService"),
                answers(role, "SingleLogoutService"),
                Elements.flag(role, "WantAuthnRequestsSigned"));
    }

    /// After which nothing in the file counts any more.
    public static Optional<Instant> validUntil(byte[] file) throws RefusedMessage {
        return Elements.time(SafeXml.parse(file, Limits.METADATA), "validUntil");
    }

    private static Optional<String> service(Element role, String name) {
        return byRedirect(role, name).flatMap(s -> Elements.attribute(s, "Location"));
    }

    /// Some take answers at another address than requests (SAML metadata 2.2.2).
    private static Optional<String> answers(Element role, String name) {
        return byRedirect(role, name)
                .flatMap(s -> Elements.attribute(s, "ResponseLocation").or(() -> Elements.attribute(s, "Location")));
    }

    private static Optional<Element> byRedirect(Element role, String name) {
        return Elements.children(role, SamlNames.METADATA, name).stream()
                .filter(s -> Elements.attribute(s, "Binding").orElse("").equals(SamlNames.BINDING_REDIRECT))
                .findFirst();
    }
}
