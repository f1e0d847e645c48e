/// Translation of URLs in header fields. Pure.
package io.postern.translate;
