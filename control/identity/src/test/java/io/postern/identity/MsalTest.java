package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.aad.msal4j.AuthorizationCodeParameters;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.DeviceCode;
import com.microsoft.aad.msal4j.DeviceCodeFlowParameters;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.SilentParameters;
import io.postern.domain.publish.Application;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.Browser.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Microsoft's library for Java with a generic OpenID Connect authority, in its default strictness (3.7, BRR-4): no
/// switch of it is relaxed, it only trusts our test authority.
class MsalTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("msal");
    private static final TestCertificates.Issued CERTIFICATE =
            AUTHORITY.server("login.postern.localhost", "*.postern.localhost");

    @TempDir
    Path folder;

    private LoginHost host;
    private SSLContext trust;
    private Browser browser;
    private String scope;

    @BeforeEach
    void start() throws Exception {
        host = LoginHost.secure(folder, CERTIFICATE);
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("ours", AUTHORITY.authority());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);
        browser = new Browser(HttpClient.newBuilder().sslContext(trust).build(), origin(), "192.0.2.1");
        scope = "api://" + host.wiki.appId() + "/user_impersonation";
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private String origin() {
        return "https://login.postern.localhost:" + host.address.publicPort();
    }

    private String authority() {
        return origin() + "/" + host.contoso.id() + "/v2.0";
    }

    private PublicClientApplication publicClient() throws Exception {
        return PublicClientApplication.builder(host.spa.appId().value())
                .oidcAuthority(authority())
                .sslSocketFactory(trust.getSocketFactory())
                .build();
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Test
    void signsInByCodeAndRefreshesSilently() throws Exception {
        PublicClientApplication client = publicClient();
        AuthorizeLink link = AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK)
                .with("scope", "openid profile offline_access " + scope);
        Answer page = browser.signIn(browser.get(link.toString()), host.simon.userPrincipalName(), LoginHost.PASSWORD);
        String code = browser.submit(page, Map.of("answer", "allow"))
                .parameter("code")
                .orElseThrow();

        IAuthenticationResult first =
                await(client.acquireToken(AuthorizationCodeParameters.builder(code, URI.create(LoginHost.SPA_CALLBACK))
                        .scopes(Set.of(scope))
                        .codeVerifier(AuthorizeLink.VERIFIER)
                        .build()));
        IAuthenticationResult cached = await(client.acquireTokenSilently(
                SilentParameters.builder(Set.of(scope), first.account()).build()));
        IAuthenticationResult fresh =
                await(client.acquireTokenSilently(SilentParameters.builder(Set.of(scope), first.account())
                        .forceRefresh(true)
                        .build()));
        IAuthenticationResult again =
                await(client.acquireTokenSilently(SilentParameters.builder(Set.of(scope), fresh.account())
                        .forceRefresh(true)
                        .build()));

        assertEquals(host.simon.userPrincipalName(), first.account().username());
        assertEquals(first.accessToken(), cached.accessToken());
        assertNotEquals(first.accessToken(), fresh.accessToken());
        assertNotEquals(fresh.accessToken(), again.accessToken());
    }

    @Test
    void signsInByDeviceCode() throws Exception {
        PublicClientApplication client = publicClient();
        var shown = new CompletableFuture<DeviceCode>();
        CompletableFuture<IAuthenticationResult> result = client.acquireToken(
                DeviceCodeFlowParameters.builder(Set.of("openid", "offline_access", scope), shown::complete)
                        .build());
        DeviceCode code = await(shown);
        Answer page = browser.submit(browser.get("/device"), Map.of("user_code", code.userCode()));
        Answer confirm = browser.signIn(page, host.simon.userPrincipalName(), LoginHost.PASSWORD);
        browser.submit(confirm, Map.of("answer", "allow"));

        IAuthenticationResult signedIn = await(result);

        assertEquals(origin() + "/device", code.verificationUri());
        assertTrue(signedIn.accessToken().length() > 100);
        assertEquals(host.simon.userPrincipalName(), signedIn.account().username());
    }

    @Test
    void actsAsAnApplicationWithASecret() throws Exception {
        Application job = host.application(host.contoso, "job", List.of(), Optional.empty(), false, false);
        var client = ConfidentialClientApplication.builder(
                        job.appId().value(),
                        ClientCredentialFactory.createFromSecret(host.secretOf(job, Optional.empty())))
                .oidcAuthority(authority())
                .sslSocketFactory(trust.getSocketFactory())
                .build();

        IAuthenticationResult result = await(
                client.acquireToken(ClientCredentialParameters.builder(Set.of("https://api.postern.localhost/.default"))
                        .build()));

        assertTrue(result.accessToken().length() > 100);
    }
}
