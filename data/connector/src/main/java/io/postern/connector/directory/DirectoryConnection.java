package io.postern.connector.directory;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.BindResult;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.ExtendedResult;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import io.postern.connector.directory.DirectoryFault.Code;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A connection to the first of a directory's servers that answers, by TLS, signed in (SYN-22). Referrals are
/// not followed: the password goes to the servers of the file alone. Confined to one thread, which waits.
final class DirectoryConnection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;

    /// For one answer; a server that counts through a large domain may take its time.
    private static final long ANSWER_MILLIS = 120_000;

    private final LDAPConnection connection;
    private final URI url;
    private final int pageSize;
    private final RootEntry root;
    private final long answerMillis;

    private DirectoryConnection(LDAPConnection connection, URI url, int pageSize, RootEntry root, long answerMillis) {
        this.connection = connection;
        this.url = url;
        this.pageSize = pageSize;
        this.root = root;
        this.answerMillis = answerMillis;
    }

    /// @throws DirectoryFault of the first server whose fault is not that it is away, else of the last one
    static DirectoryConnection open(DirectorySettings settings) {
        DirectoryFault last = new DirectoryFault(
                Code.UNREACHABLE, "directory '" + settings.name() + "' has no server", "name one in 'urls'");
        for (URI url : settings.urls()) {
            try {
                return open(settings, url);
            } catch (DirectoryFault e) {
                if (e.code() != Code.UNREACHABLE && e.code() != Code.TIMEOUT) {
                    throw e;
                }
                last = e;
            }
        }
        throw last;
    }

    static DirectoryConnection open(DirectorySettings settings, URI url) {
        return open(settings, url, CONNECT_MILLIS, ANSWER_MILLIS);
    }

    /// @param connectMillis and `answerMillis`: for the connection, and for each answer
    static DirectoryConnection open(DirectorySettings settings, URI url, int connectMillis, long answerMillis) {
        LDAPConnection connection = connect(settings, url, connectMillis, answerMillis);
        boolean done = false;
        try {
            bind(settings, url, connection);
            SearchResultEntry root = connection.getEntry("", RootEntry.ATTRIBUTES);
            if (root == null) {
                throw new DirectoryFault(
                        Code.NO_RIGHT,
                        url + " tells nothing about itself (root DSE)",
                        "let the account of 'bind-dn' read the server's root entry");
            }
            var opened =
                    new DirectoryConnection(connection, url, settings.pageSize(), RootEntry.of(root), answerMillis);
            done = true;
            return opened;
        } catch (LDAPException e) {
            throw LdapFaults.ofReading(url, "reading the server's root entry", e);
        } finally {
            if (!done) {
                connection.close();
            }
        }
    }

    private static LDAPConnection connect(DirectorySettings settings, URI url, int connectMillis, long answerMillis) {
        var options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis(connectMillis);
        options.setResponseTimeoutMillis(answerMillis);
        options.setUseSynchronousMode(true);
        options.setFollowReferrals(false);
        options.setSSLSocketVerifier(new ProvenServer());
        try {
            var tls = new BoundedSockets(tls(settings).getSocketFactory(), connectMillis);
            String host = DirectorySettings.host(url);
            int port = DirectorySettings.port(url);
            if (url.getScheme().equals("ldaps")) {
                return new LDAPConnection(tls, options, host, port);
            }
            var plain = new LDAPConnection(options, host, port);
            try {
                ExtendedResult begun = plain.processExtendedOperation(new StartTLSExtendedRequest(tls));
                if (!begun.getResultCode().equals(ResultCode.SUCCESS)) {
                    throw new LDAPException(begun);
                }
                return plain;
            } catch (LDAPException e) {
                plain.close();
                if (e.getResultCode().isConnectionUsable()) { // it answered, and does not want to
                    throw new DirectoryFault(
                            Code.TLS,
                            url + " does not begin TLS (" + e.getResultCode().getName() + ")",
                            "use ldaps://, or give the server a certificate",
                            e);
                }
                throw e;
            }
        } catch (LDAPException e) {
            throw LdapFaults.ofConnecting(url, e);
        }
    }

    private static void bind(DirectorySettings settings, URI url, LDAPConnection connection) {
        try {
            connection.bind(new SimpleBindRequest(settings.bindDn(), settings.password()));
        } catch (LDAPException e) {
            throw LdapFaults.ofBinding(url, settings, e);
        } catch (IllegalArgumentException e) {
            throw new DirectoryFault(
                    Code.BIND_REFUSED,
                    "the password of '" + settings.bindDn() + "': " + e.getMessage(),
                    "write it into " + settings.passwordFile() + ", mode 600",
                    e);
        }
    }

    private static SSLContext tls(DirectorySettings settings) {
        try {
            @Nullable KeyStore authorities = null;
            if (!settings.trust().isEmpty()) {
                authorities = KeyStore.getInstance("PKCS12");
                authorities.load(null, null);
                int i = 0;
                for (X509Certificate authority : settings.trust()) {
                    authorities.setCertificateEntry("authority-" + i++, authority);
                }
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    URI url() {
        return url;
    }

    /// As it was when the connection was opened.
    RootEntry root() {
        return root;
    }

    /// Everything below a base, a page of the server's at a time: the next one is fetched when the last was
    /// taken.
    ///
    /// @param what for faults, a few words with the name of the thing
    void pages(
            String what,
            String base,
            Filter filter,
            String[] attributes,
            List<Control> controls,
            Consumer<List<SearchResultEntry>> sink) {
        ASN1OctetString cookie = null;
        do {
            var request = request(base, SearchScope.SUB, filter, attributes);
            request.setResponseTimeoutMillis(answerMillis);
            controls.forEach(request::addControl);
            request.addControl(new SimplePagedResultsControl(pageSize, cookie, true));
            SearchResult found = search(what, request);
            sink.accept(found.getSearchEntries());
            try {
                SimplePagedResultsControl more = SimplePagedResultsControl.get(found);
                cookie = more == null ? null : more.getCookie();
            } catch (LDAPException e) {
                throw LdapFaults.ofReading(url, what, e);
            }
        } while (cookie != null && cookie.getValueLength() > 0);
    }

    /// Few entries at once.
    List<SearchResultEntry> some(String what, String base, Filter filter, String[] attributes) {
        var all = new ArrayList<SearchResultEntry>();
        pages(what, base, filter, attributes, List.of(), all::addAll);
        return all;
    }

    /// @return empty when there is none, or the account may not see it
    Optional<SearchResultEntry> entry(String what, String dn, String[] attributes, Control... controls) {
        var request = request(dn, SearchScope.BASE, Filter.createPresenceFilter("objectClass"), attributes);
        request.setResponseTimeoutMillis(answerMillis);
        for (Control control : controls) {
            request.addControl(control);
        }
        try {
            return connection.search(request).getSearchEntries().stream().findFirst();
        } catch (LDAPException e) {
            if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)
                    || e.getResultCode().equals(ResultCode.INSUFFICIENT_ACCESS_RIGHTS)) {
                return Optional.empty();
            }
            throw LdapFaults.ofReading(url, what, e);
        }
    }

    /// One search as it is, with its refusal as the library has it.
    SearchResult raw(SearchRequest request) throws LDAPException {
        return connection.search(request);
    }

    /// Somebody else signs in on this connection; it is good for nothing else then.
    BindResult signIn(SimpleBindRequest request) throws LDAPException {
        return connection.bind(request);
    }

    private SearchResult search(String what, SearchRequest request) {
        try {
            return connection.search(request);
        } catch (LDAPException e) { // also when a part of the entries came: a part is no answer
            throw LdapFaults.ofReading(url, what, e);
        }
    }

    static SearchRequest request(String base, SearchScope scope, Filter filter, String... attributes) {
        var request = new SearchRequest(base, scope, filter, attributes);
        request.setDerefPolicy(DereferencePolicy.NEVER);
        request.setResponseTimeoutMillis(ANSWER_MILLIS);
        return request;
    }

    @Override
    public void close() {
        connection.close();
    }
}
