package io.postern.identity.factor;

import io.nayuki.qrcodegen.QrCode;

/// A QR code as a drawing in the page: no image is fetched, and it is sharp at any size.
public final class QrPicture {
    private static final int QUIET = 4; // ISO/IEC 18004: four modules of margin

    private QrPicture() {}

    /// @return the squares as the path of an SVG element with [#size] as both sides of its view box
    public static String path(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        var path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append('M')
                            .append(x + QUIET)
                            .append(' ')
                            .append(y + QUIET)
                            .append("h1v1h-1z");
                }
            }
        }
        return path.toString();
    }

    public static int size(String text) {
        return QrCode.encodeText(text, QrCode.Ecc.MEDIUM).size + 2 * QUIET;
    }
}
