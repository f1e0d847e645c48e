package io.postern.admin.notice;

import io.postern.admin.logging.Trusted;
import io.postern.admin.notice.MailServer.Security;
import io.postern.store.Notice;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;

/// Hands mail to the operator's server by SMTP. Checks the server's name and certificate, and never goes on
/// in the clear where TLS was asked for.
final class Postman {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /// The server said that it will never take this.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String answer, Throwable cause) {
            super(answer, cause);
        }
    }

    private final MailServer server;
    private final Session session;

    /// @throws IOException when the authority cannot be read
    Postman(MailServer server) throws IOException {
        this.server = server;
        this.session = Session.getInstance(properties(server));
    }

    private static Properties properties(MailServer server) throws IOException {
        var p = new Properties();
        p.put("mail.smtp.host", server.address().host());
        p.put("mail.smtp.port", Integer.toString(server.address().port()));
        p.put("mail.smtp.auth", Boolean.toString(server.user().isPresent()));
        p.put("mail.smtp.starttls.enable", Boolean.toString(server.security() == Security.STARTTLS));
        p.put("mail.smtp.starttls.required", Boolean.toString(server.security() == Security.STARTTLS));
        p.put("mail.smtp.ssl.enable", Boolean.toString(server.security() == Security.TLS));
        p.put("mail.smtp.ssl.checkserveridentity", "true");
        p.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        if (server.security() != Security.NONE) {
            p.put(
                    "mail.smtp.ssl.socketFactory",
                    Trusted.context(server.authority()).getSocketFactory());
        }
        p.put("mail.smtp.connectiontimeout", Long.toString(CONNECT.toMillis()));
        p.put("mail.smtp.timeout", Long.toString(ANSWER.toMillis()));
        p.put("mail.smtp.writetimeout", Long.toString(ANSWER.toMillis()));
        p.put("mail.smtp.from", server.from());
        return p;
    }

    /// Returns when the server has taken it.
    ///
    /// @throws Refused when it never will
    /// @throws IOException when it did not, and may later
    void send(Notice notice) throws IOException, Refused {
        try (Transport transport = session.getTransport("smtp")) {
            Message message = message(notice);
            if (server.user().isPresent()) {
                transport.connect(
                        server.user().get(),
                        server.password().map(secret -> secret.reveal()).orElse(""));
            } else {
                transport.connect();
            }
            transport.sendMessage(message, message.getAllRecipients());
        } catch (AddressException e) {
            throw new Refused("'" + notice.recipient() + "' is no mail address", e);
        } catch (MessagingException e) {
            String said =
                    String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
            if (isFinal(e)) {
                throw new Refused(said, e);
            }
            throw new IOException(said, e);
        }
    }

    /// An answer of 500 and more to the recipient or the message; one to the sign-in is the operator's to
    /// mend.
    private static boolean isFinal(MessagingException fault) {
        for (Exception e = fault; e != null; e = e instanceof MessagingException m ? m.getNextException() : null) {
            int code = switch (e) {
                case SMTPAddressFailedException address -> address.getReturnCode();
                case SMTPSendFailedException message -> message.getReturnCode();
                default -> 0;
            };
            if (code >= 500 && code < 600 && code != 530 && code != 535) {
                return true;
            }
        }
        return false;
    }

    /// The notice's id is the message's: who gets it twice can tell.
    private Message message(Notice notice) throws MessagingException {
        var message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + notice.id() + "@" + domain() + ">");
            }
        };
        message.setFrom(new InternetAddress(server.from(), true));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(notice.recipient(), true));
        message.setSubject(notice.subject(), StandardCharsets.UTF_8.name());
        message.setText(notice.body(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(Instant.now()));
        message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no out-of-office answers
        return message;
    }

    private String domain() {
        return server.from().substring(server.from().lastIndexOf('@') + 1);
    }
}
