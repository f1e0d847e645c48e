package io.postern.admin.logging;

import io.postern.store.LogEntry;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/// RFC 5426: one datagram for each entry, as far as it holds one. Nobody learns what is lost on the way.
final class SyslogDatagrams implements Sender {
    private static final int BYTES_MAX = 8_192;

    private final Receiver.Syslog to;
    private final SyslogLine form;
    private final DatagramSocket socket;

    SyslogDatagrams(Receiver.Syslog to, SyslogLine form) throws IOException {
        this.to = to;
        this.form = form;
        this.socket = new DatagramSocket();
    }

    @Override
    public void send(List<LogEntry> entries) throws IOException {
        var address = new InetSocketAddress(to.address().host(), to.address().port());
        if (address.isUnresolved()) {
            throw new IOException(to.address().host() + " does not resolve");
        }
        for (LogEntry entry : entries) {
            byte[] bytes = form.bytes(entry);
            byte[] fitting = bytes.length <= BYTES_MAX ? bytes : Arrays.copyOf(bytes, BYTES_MAX);
            socket.send(new DatagramPacket(fitting, fitting.length, address));
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
