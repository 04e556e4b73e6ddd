export default {
  title: 'Log in to your desk',
  email: 'E-mail',
  password: 'Password',
  logIn: 'Log in',
}
