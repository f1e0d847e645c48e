package io.postern.connector.enroll;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.Future;
import io.postern.base.EnrollmentToken;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.dial.Dialler;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Turns a one-time token into an identity (tunnel.md §6). The service is believed only if its chain
/// holds the authority that the token names; the token leaves this machine after that check, not before.
///
/// Called once at start by the main thread, which waits.
public final class Enrollment {
    /// What the connector says about itself.
    public record Self(String machineName, String version, String os) {}

    private static final String PROTOCOL = "postern-enroll/1";
    private static final int ANSWER_BYTES_MAX = 4 * 1024 * 1024; // tunnel.md §7
    private static final int WAIT_SECONDS = 30;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    private final Dialler dialler;
    private final HostPort service;
    private final Self self;

    /// @param dialler knows the proxy on the way, if there is one
    public Enrollment(Dialler dialler, HostPort service, Self self) {
        this.dialler = dialler;
        this.service = service;
        this.self = self;
    }

    /// @throws ConnectorFault with a sentence about what went wrong; the token may be used up then
    public Identity enroll(EnrollmentToken token) {
        CertificateRequest request = CertificateRequest.create();
        Answer answer = post(
                token.caFingerprint(),
                JSON.writeValueAsBytes(Map.of(
                        "token", token.secret(),
                        "csr", request.pkcs10(),
                        "machineName", self.machineName(),
                        "version", self.version(),
                        "os", self.os())));
        if (answer.status() != 200) {
            throw refused(answer);
        }
        return identity(token, request, answer);
    }

    private Identity identity(EnrollmentToken token, CertificateRequest request, Answer answer) {
        try {
            JsonNode json = JSON.readTree(answer.body());
            List<X509Certificate> chain =
                    Pem.certificates(json.path("certificate").asString(""));
            X509Certificate authority =
                    Pem.certificates(json.path("authority").asString("")).getFirst();
            if (!PinnedAuthority.fingerprint(authority).equals(token.caFingerprint())) {
                throw new CertificateException("it names another authority than the token");
            }
            if (!chain.getFirst().getPublicKey().equals(request.keys().getPublic())) {
                throw new CertificateException("the certificate is for another key");
            }
            chain.getFirst().verify(authority.getPublicKey());
            return new Identity(
                    json.path("connectorId").asString(""),
                    json.path("tenant").asString(""),
                    json.path("group").asString(""),
                    request.keys().getPrivate(),
                    chain,
                    authority);
        } catch (GeneralSecurityException | JacksonException | IllegalArgumentException e) {
            throw new ConnectorFault(
                    Kind.SERVICE,
                    "the service at " + service + " answered the enrolment with something unusable (" + e.getMessage()
                            + "); check that connector and service are of the same release",
                    e);
        }
    }

    private ConnectorFault refused(Answer answer) {
        String said = said(answer);
        return switch (answer.status()) {
            case 401 ->
                new ConnectorFault(
                        Kind.REFUSED,
                        "the service at " + service + " does not take this token: it is unknown, used or expired" + said
                                + "; mint a new one with 'postern connector token'");
            case 429 ->
                new ConnectorFault(
                        Kind.REFUSED,
                        "the service at " + service + " has seen too many enrolments from here" + said
                                + "; wait a minute and start again");
            case 400 ->
                new ConnectorFault(
                        Kind.SERVICE,
                        "the service at " + service + " does not understand this connector's enrolment" + said
                                + "; check that connector and service are of the same release");
            default ->
                new ConnectorFault(
                        Kind.SERVICE,
                        "the service at " + service + " cannot enrol connectors now (status " + answer.status() + said
                                + "); look at its log and start again");
        };
    }

    private static String said(Answer answer) {
        try {
            String message =
                    JSON.readTree(answer.body()).path("error").path("message").asString("");
            return message.isEmpty() ? "" : " (" + message.replaceAll("\\p{Cntrl}", " ") + ")";
        } catch (JacksonException e) {
            return "";
        }
    }

    private Answer post(String fingerprint, byte[] body) {
        SslContext tls = TlsContexts.client(PinnedAuthority.ofFingerprint(fingerprint), PROTOCOL);
        var answer = new CompletableFuture<Answer>();
        dialler.dial(dialler.loops().next(), service, CONNECT_LIMIT).addListener((Future<Channel> connected) -> {
            if (!connected.isSuccess()) {
                answer.completeExceptionally(connected.cause());
                return;
            }
            Channel channel = connected.getNow();
            channel.pipeline()
                    .addLast(tls.newHandler(channel.alloc(), service.host(), service.port()))
                    .addLast(new ReadTimeoutHandler(WAIT_SECONDS))
                    .addLast(new HttpClientCodec())
                    .addLast(new HttpObjectAggregator(ANSWER_BYTES_MAX))
                    .addLast(new EnrollmentExchange(PROTOCOL, () -> request(body), answer));
            channel.config().setAutoRead(true);
        });
        try {
            return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw EnrollmentFaults.of(service, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw EnrollmentFaults.of(service, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectorFault(Kind.INTERNAL, "the enrolment was interrupted; start again", e);
        }
    }

    private FullHttpRequest request(byte[] body) {
        ByteBuf content = Unpooled.wrappedBuffer(body);
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/enroll", content);
        request.headers()
                .set(HttpHeaderNames.HOST, service.port() == 443 ? service.host() : service.toString())
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.ACCEPT, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        return request;
    }

    /// The service's whole answer.
    record Answer(int status, String body) {}
}
