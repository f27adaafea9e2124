// Express 4, installed beside Express 5 under this name. The tests use it like Express 5.
declare module 'express4' {
  import express from 'express';

  export default express;
}
