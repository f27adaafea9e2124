// The stand-in Ion's certificate, which the apps and the browsers trust.

'use strict';

const { join } = require('node:path');

const FOLDER = join(__dirname, '../support/certificates');

module.exports = { CERTIFICATE: join(FOLDER, 'good.pem'), KEY: join(FOLDER, 'key.pem') };
