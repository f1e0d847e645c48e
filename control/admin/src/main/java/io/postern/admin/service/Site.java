package io.postern.admin.service;

import io.postern.domain.ExternalUrl;
import io.postern.domain.OwnHost;
import java.net.URI;
import java.net.URISyntaxException;

/// How users reach this service: the domain under which its names lie and the port in force. URLs are
/// kept without that port and shown with it.
public record Site(String baseDomain, int publicPort) {

    public String show(ExternalUrl url) {
        return url.at(publicPort);
    }

    /// Origin of one of our own hosts, with the port.
    public String origin(OwnHost host) {
        return origin(host.label());
    }

    String origin(String label) {
        return "https://" + label + "." + baseDomain + (publicPort == 443 ? "" : ":" + publicPort);
    }

    /// The public port taken out of a URL, so that what the API shows can be sent back to it. Any other
    /// port stays and is judged by whoever parses the URL.
    public String withoutPort(String url) {
        try {
            URI uri = new URI(url.strip().replaceFirst("://\\*\\.", "://")); // no URI holds a wildcard
            if (uri.getHost() != null && uri.getPort() == publicPort && uri.getRawUserInfo() == null) {
                String authority = uri.getRawAuthority();
                return url.strip().replaceFirst("(?<=//|//\\*\\.)\\Q" + authority + "\\E", uri.getHost());
            }
            return url;
        } catch (URISyntaxException e) {
            return url; // the parser behind names the fault
        }
    }

    /// The public port put into a kept URL whose host lies under the base domain.
    public String withPort(String url) {
        try {
            URI uri = new URI(url);
            boolean ours = uri.getHost() != null && uri.getHost().endsWith("." + baseDomain);
            if (!ours || uri.getPort() != -1 || !"https".equals(uri.getScheme()) || publicPort == 443) {
                return url;
            }
            return url.replaceFirst("(?<=//)\\Q" + uri.getRawAuthority() + "\\E", uri.getHost() + ":" + publicPort);
        } catch (URISyntaxException e) {
            return url;
        }
    }
}
