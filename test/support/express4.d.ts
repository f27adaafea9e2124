// Express 4, installed beside 5 under this name: to the tests it looks the same.
declare module 'express4' {
  import express from 'express';

  export default express;
}
