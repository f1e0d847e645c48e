package io.postern.domain.signon;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;

/// Where the identity provider of a tenant is reached: what an administrator pastes into an application (3.4).
///
/// @param login origin of the sign-in host, without a slash at the end
public record SignOnAddresses(String login, TenantId tenant) {
    /// For requests, sign-on and sign-out, by redirect; sign-on by POST as well.
    public String saml() {
        return login + "/" + tenant + "/saml2";
    }

    /// Entity id of the identity provider.
    ///
    /// @param own the application's id stands at its end
    public String issuer(AppId application, boolean own) {
        String issuer = login + "/" + tenant + "/";
        return own ? issuer + application : issuer;
    }

    public String wsFederation() {
        return login + "/" + tenant + "/wsfed";
    }

    /// With the certificate of this application.
    public String metadata(AppId application) {
        return login + "/" + tenant + "/federationmetadata/2007-06/federationmetadata.xml?appid=" + application;
    }

    /// The same without elements that some service providers refuse.
    public String plainMetadata(AppId application) {
        return metadata(application) + "&roledescriptor=no";
    }

    /// Where an administrator tries the sign-on of an application in a browser.
    public String test(AppId application) {
        return login + "/" + tenant + "/sign-on-test?appid=" + application;
    }

    /// Opens an application: at its sign-on URL, else by a response that it did not ask for.
    public String launch(AppId application) {
        return login + "/" + tenant + "/saml2/start?appid=" + application;
    }
}
