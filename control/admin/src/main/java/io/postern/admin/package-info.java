/// Administration: API, publishing, My Apps, enrolment. [Administration] wires the rooms below it.
package io.postern.admin;
