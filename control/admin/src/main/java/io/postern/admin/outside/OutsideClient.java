package io.postern.admin.outside;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/// Calls addresses that an administrator of a tenant chose, as [DocumentFetcher] fetches from them: https only, no
/// redirects, no internal addresses unless they are the tenant's own or the operator allows them, and limits of
/// size and time. The JDK keeps the result of a look-up for half a minute, so a request goes where the check
/// looked. Thread-safe; blocking.
public final class OutsideClient implements AutoCloseable {
    private static final int BYTES_MAX = 1024 * 1024;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

    /// @param retryAfter as the server wrote it
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, Optional<String> retryAfter, byte[] body) {}

    private final HttpClient client;
    private final boolean allowInternal;
    private final Duration timeMax;

    /// @param allowInternal addresses of private networks and of this machine count as any other
    /// @param timeMax for one call, whole
    public OutsideClient(SSLContext tls, boolean allowInternal, Duration timeMax) {
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .connectTimeout(CONNECT_MAX)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.allowInternal = allowInternal;
        this.timeMax = timeMax;
    }

    /// @param own hosts that may be internal: the tenant's own
    /// @throws FetchFault when it may not be called, or does not answer
    public Answer send(URI url, HttpRequest.Builder request, Predicate<String> own) throws FetchFault {
        refuseInternal(url, own);
        CompletableFuture<HttpResponse<byte[]>> call = client.sendAsync(
                request.uri(url).header("user-agent", "Postern").build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), BYTES_MAX));
        try {
            HttpResponse<byte[]> response = call.get(timeMax.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.headers().firstValue("retry-after"), response.body());
        } catch (TimeoutException e) {
            call.cancel(true);
            throw new FetchFault("'" + url.getHost() + "' did not answer within " + timeMax.toSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof IOException io ? io : e;
            throw new FetchFault("'" + url.getHost() + "' cannot be reached (" + cause.getMessage() + ")");
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new FetchFault("interrupted");
        }
    }

    private void refuseInternal(URI url, Predicate<String> own) throws FetchFault {
        String host = url.getHost();
        if (!"https".equals(url.getScheme()) || host == null || url.getRawUserInfo() != null) {
            throw new FetchFault("'" + url + "' is not called; only https://host/path is, without user");
        }
        try {
            for (InetAddress address :
                    InetAddress.getAllByName(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)) {
                if (!allowInternal && InternalNetworks.contains(address) && !own.test(host)) {
                    throw new FetchFault("'" + host + "' leads to the internal address " + address.getHostAddress()
                            + ", which is not called; add the name to the tenant's domains, or set"
                            + " fetch-internal: true in the configuration");
                }
            }
        } catch (UnknownHostException e) {
            throw new FetchFault("the name '" + host + "' is unknown to this machine's name service");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
