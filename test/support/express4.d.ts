// Declares Express 4, which is installed under this name beside Express 5. The tests use it like Express 5.
declare module 'express4' {
  import express from 'express';

  export default express;
}
