/// Main and command line.
package io.postern.run;
